import { chooseDriver } from '#lib/engine/sqlite/drivers.js'
import { sqliteDrivers as names, type SqliteDriver } from '#lib/engine/sqlite/driver-names.js'

/** Every driver, with why it cannot be tried with this Node.js, if so. */
export const sqliteDrivers: readonly { readonly name: SqliteDriver; readonly skip: string | false }[] =
  names.map((name) => {
    const chosen = chooseDriver(name)
    return { name, skip: chosen.ok ? false : `${chosen.problem.message} (Node.js ${process.versions.node})` }
  })

/** Why this driver cannot be tried with this Node.js, if so. */
export function skipOf(driver: SqliteDriver): string | false {
  return sqliteDrivers.find(({ name }) => name === driver)?.skip ?? false
}
