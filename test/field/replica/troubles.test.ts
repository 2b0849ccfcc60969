import t from 'tap'
import { sqliteDrivers } from '../../engine/sqlite/drivers.js'
import { troubledRound, type Ending } from './troubled-round.js'
import { troubles } from './troubles.js'

/** Each kind once, by one driver after the other and with one ending after the other; all of them are in bench/replica-rounds.ts. */
const drivers = sqliteDrivers.filter(({ skip }) => !skip)
const endings: readonly Ending[] = ['within', 'after']

for (const [index, trouble] of troubles.entries()) {
  void t.test(`killed beside ${trouble.name}`, { skip: trouble.skip, timeout: 300_000 }, async (t) => {
    const { name } = drivers[index % drivers.length]!
    const ending = endings[Math.floor(index / drivers.length) % endings.length]!
    const { wrong, windowMs, lost } = await troubledRound(trouble, name, ending)
    t.strictSame(wrong, [], `${name}, ${ending}: lost ${lost} rows, of the last ${windowMs} ms`)
  })
}
