import { fileURLToPath } from 'node:url'
import t from 'tap'
import { sqliteDrivers } from '../../engine/sqlite/drivers.js'
import { passOnNewerNode, skip as skipNewer } from '../../on-newer-node.js'
import { Rounds, type Moment } from './rounds.js'

/** The whole of it is bench/replica-rounds.ts. */
const moments: readonly Moment[] = ['anytime', 'segment', 'checkpoint', 'restore', 'end']

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(`${driver}: killed, and its disk lost`, { skip, timeout: 300_000 }, async (t) => {
    const rounds = new Rounds(driver)
    t.teardown(() => rounds.remove())
    for (const moment of moments) {
      const more = moment === 'checkpoint' ? { perSecond: 3000, bytes: 4000 } : {}
      const { wrong, windowMs } = await rounds.round(moment, { more })
      t.strictSame(wrong, [], `${moment}: lost what was acknowledged in the last ${windowMs} ms`)
    }
  })
}

void t.test('the same on node:sqlite', { skip: skipNewer, timeout: 600_000 }, async (t) => {
  await passOnNewerNode(t, [fileURLToPath(import.meta.url)])
})
