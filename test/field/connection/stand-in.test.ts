import t from 'tap'
import { checkReturns } from '../../connection/stand-in-life.js'
import { sqliteDrivers } from '../../engine/sqlite/drivers.js'

for (const { name: driver, skip } of sqliteDrivers) {
  for (const where of ['file', 'memory'] as const) {
    t.test(
      `${driver}, ${where}: it returns if and only if nothing was committed, in whatever order`,
      { skip },
      () => checkReturns(driver, where, 100),
    )
  }
}
