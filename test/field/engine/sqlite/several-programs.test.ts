import t from 'tap'
import { sqliteDrivers } from '../../../engine/sqlite/drivers.js'
import { makeTogether, writeTogether } from '../../../engine/sqlite/several-programs.ts'

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(driver, { skip, timeout: 300_000 }, async (t) => {
    for (let round = 0; round < 5; round++) await makeTogether(t, driver)
    await writeTogether(t, driver, 3_000)
  })
}
