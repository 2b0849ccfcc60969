import { Writable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { createLogger } from 'example-app/log.js'
import t from 'tap'

/** What a log is written to. */
const asStdout = (stream: Writable): NodeJS.WriteStream => stream as NodeJS.WriteStream

const manyLines = 20_000
const padding = 'x'.repeat(1_000)

void t.test(
  'a reader who stands still has no more kept for him, however much falls into one turn',
  async (t) => {
    const still = asStdout(new Writable({ write: () => undefined }))
    const logger = await createLogger('info', still)
    for (let n = 0; n < manyLines; n += 1) logger.info({ padding })
    await turn()
    t.ok(still.writableLength < 2_500_000, `${still.writableLength} bytes`)
  },
)

void t.test('a reader who keeps up gets each line, in order', async (t) => {
  const numbers: number[] = []
  const quick = new Writable({
    write(lines, _encoding, done) {
      for (const line of String(lines).trim().split('\n')) numbers.push((JSON.parse(line) as { n: number }).n)
      done()
    },
  })
  const logger = await createLogger('info', asStdout(quick))
  for (let n = 0; n < manyLines; n += 1) logger.info({ n, padding })
  await turn()
  t.strictSame(
    numbers,
    Array.from({ length: manyLines }, (_, n) => n),
  )
})
