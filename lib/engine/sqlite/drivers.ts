import type { Problem } from '../../problem/problem.ts'
import type { KnexModule, RawConnection } from '../knex-client.ts'
import { handedOver } from '../handed-over.ts'
import type { Drivers } from '../knex-options.ts'
import { driverBroken, loadDriver } from '../load-driver.ts'
import type { DriverDescription } from './driver-description.ts'
import { sqliteDrivers, type SqliteDriver } from './driver-names.ts'
import { betterSqlite3 } from './drivers/better-sqlite3.ts'
import { nodeSqlite } from './drivers/node-sqlite.ts'
import { sqlite3 } from './drivers/sqlite3.ts'

const descriptions: Readonly<Record<SqliteDriver, DriverDescription>> = {
  'better-sqlite3': betterSqlite3,
  sqlite3,
  'node:sqlite': nodeSqlite,
}

/** What differs between this driver and the others. */
export function describeDriver(name: SqliteDriver): DriverDescription {
  return descriptions[name]
}

/** knex and a driver that works, or why there is none. */
export type ChosenDriver =
  | {
      readonly ok: true
      readonly name: SqliteDriver
      readonly description: DriverDescription
      readonly driver: unknown
      readonly knex: KnexModule
    }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Finds a driver that loads and opens a database in memory. It is never tried on a file: two SQLite libraries on one file
 * in one process drop each other's locks.
 *
 * @param asked - the one to use; `auto` takes the first that works.
 * @param drivers - those that the program hands over: they are tried first.
 * @returns the driver, or the problem of the one asked for. With `auto`, that of the first that is installed but broken, else
 *   of the first.
 */
export function chooseDriver(asked: 'auto' | SqliteDriver, drivers?: Drivers): ChosenDriver {
  const given = sqliteDrivers.filter((name) => handedOver(drivers, name) !== undefined)
  const inOrder = [...new Set([...given, ...sqliteDrivers])]
  const candidates = inOrder.filter((name) => asked === 'auto' || name === asked)
  const problems: Problem[] = []
  for (const name of candidates) {
    const tried = tryDriver(name, drivers)
    if (tried.ok) return tried
    problems.push(tried.problem)
  }
  const [first] = problems
  if (!first) throw new TypeError(`sqliteDriver: ${asked} is none of auto, ${sqliteDrivers.join(', ')}`)
  return { ok: false, problem: problems.find(({ code }) => code === 'driver-broken') ?? first }
}

function tryDriver(name: SqliteDriver, drivers: Drivers | undefined): ChosenDriver {
  const loaded = loadAll(['knex', name], drivers)
  if (!loaded.ok) return loaded
  const [knex, driver] = loaded.modules
  const description = descriptions[name]
  try {
    const opened = description.open(driver, ':memory:', false)
    Promise.resolve(opened)
      .then((connection) => (connection as { close(): void } & RawConnection).close())
      .catch(() => {})
    return { ok: true, name, description, driver, knex: knex as KnexModule }
  } catch (error) {
    return { ok: false, problem: driverBroken(name, 'The SQLite database', error) }
  }
}

function loadAll(
  packages: readonly string[],
  drivers: Drivers | undefined,
): { readonly ok: true; readonly modules: unknown[] } | Extract<ChosenDriver, { ok: false }> {
  const modules: unknown[] = []
  for (const name of packages) {
    const loaded = loadDriver(name, 'The SQLite database', drivers)
    if (!loaded.ok) return loaded
    modules.push(loaded.module)
  }
  return { ok: true, modules }
}
