import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { sqliteDrivers } from '../../engine/sqlite/drivers.js'
import { newFolder } from '../../new-folder.js'
import { passOnNewerNode, skip as skipNewer } from '../../on-newer-node.js'
import { WriterProcess } from './writer-process.js'

const home = newFolder()
let machines = 0

/** Starts a program on a machine of its own. */
function start(t: Test, replica: string, driver: string, env: Record<string, string> = {}): WriterProcess {
  const folder = join(home, String(++machines))
  mkdirSync(folder)
  const filename = join(folder, 'app.db')
  const writer = new WriterProcess({ filename, replica: `file://${replica}`, driver, env, perSecond: 100 })
  t.teardown(() => writer.kill())
  return writer
}

async function until(t: Test, writer: WriterProcess, what: string, isSo: () => boolean): Promise<void> {
  t.ok(await writer.until(isSo), what)
}

/** All that the one acknowledged is what the next one begins with. */
function goesOn(t: Test, before: WriterProcess, after: WriterProcess): void {
  const last = before.acknowledged.at(-1)?.row
  t.match(after.restored, { last, count: last, integrity: 'ok', migrations: 1 })
}

const libfaketime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(
    `${driver}: a program begins while another one writes`,
    { skip, timeout: 300_000 },
    async (t) => {
      const replica = join(home, `replica-${driver.replace(':', '-')}`)
      const first = start(t, replica, driver)
      await until(t, first, 'the first writes', () => first.acknowledged.length > 100)
      const second = start(t, replica, driver)
      await until(t, second, 'the second writes', () => second.acknowledged.length > 100)
      await until(t, first, 'the first is refused', () => first.refused.length > 0)
      t.strictSame([...new Set(first.refused)], ['replica-in-use'], 'and told why')
      t.match(first.copy, { readOnly: true, status: 'connected' })
      goesOn(t, first, second)
      await first.stop()
      t.equal(first.closed, 'closed')
      const more = second.acknowledged.length + 50
      await until(t, second, 'the second goes on', () => second.acknowledged.length > more)

      // As a rolling deployment does: the old one is told to stop while the new one asks.
      const third = start(t, replica, driver)
      await second.stop()
      await until(t, third, 'the third writes', () => third.acknowledged.length > 0)
      goesOn(t, second, third)
      await third.stop()
      const fourth = start(t, replica, driver)
      await until(t, fourth, 'the fourth writes', () => fourth.acknowledged.length > 0)
      goesOn(t, third, fourth)
    },
  )

  const noClock = !existsSync(libfaketime) && 'libfaketime is not installed'
  void t.test(
    `${driver}: the clock of who writes jumps`,
    { skip: skip || noClock, timeout: 300_000 },
    async (t) => {
      const replica = join(home, `clock-${driver.replace(':', '-')}`)
      const clock = join(home, `clock-${driver.replace(':', '-')}.txt`)
      writeFileSync(clock, '+0\n')
      const env = {
        LD_PRELOAD: libfaketime,
        FAKETIME_TIMESTAMP_FILE: clock,
        FAKETIME_NO_CACHE: '1',
        // The clock that never jumps.
        FAKETIME_DONT_FAKE_MONOTONIC: '1',
        DONT_FAKE_MONOTONIC: '1',
      }
      const first = start(t, replica, driver, env)
      await until(t, first, 'the first writes', () => first.acknowledged.length > 50)
      for (const [jump, hours] of [
        ['+30h', 30],
        ['-50h', -50],
      ] as const) {
        writeFileSync(clock, `${jump}\n`)
        const isThere = (at = 0): boolean => Math.abs(at - Date.now() - hours * 3_600_000) < 3_600_000
        await until(t, first, `its clock stands at ${jump}`, () => isThere(first.acknowledged.at(-1)?.at))
        await until(t, first, 'it copies', () => isThere(first.copy?.shippedAt))
        const rows = first.acknowledged.length + 300
        await until(t, first, 'it goes on for longer than a lease', () => first.acknowledged.length > rows)
        t.match(first.copy, { readOnly: false, problem: undefined })
        t.ok((first.copy?.behindMs ?? 0) < 3_600_000)
      }
      const second = start(t, replica, driver)
      await until(t, second, 'the second writes', () => second.acknowledged.length > 0)
      await until(t, first, 'the first is refused', () => first.refused.length > 0)
      goesOn(t, first, second)
    },
  )
}

void t.test('the same on node:sqlite', { skip: skipNewer, timeout: 900_000 }, async (t) => {
  await passOnNewerNode(t, [fileURLToPath(import.meta.url)])
})
