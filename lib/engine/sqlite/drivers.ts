import type { Problem } from '../../problem/problem.ts'
import type { SqliteDriver } from '../../resolve/config.ts'
import { type KnexClientClass, clientOf, type KnexModule, type RawConnection } from '../knex-client.ts'
import { driverBroken, loadDriver } from '../load-driver.ts'
import { betterSqlite3Client } from './better-sqlite3-client.ts'
import { nodeSqliteClient, openNodeSqlite, type NodeSqlite } from './node-sqlite-client.ts'

/** What differs between the drivers. */
export interface DriverDescription {
  readonly name: SqliteDriver
  /** Whether a query, and SQLite's own wait for a lock, blocks the event loop. */
  readonly synchronous: boolean
  /** How many connections read beside the one that writes: without threads more than one gains nothing. */
  readonly readers: number
  /** How long SQLite itself may wait for a lock, in milliseconds. */
  readonly busyTimeoutMs: number
  /** knex's dialect for it. */
  dialect(knex: KnexModule): KnexClientClass
  open(driver: unknown, filename: string, readOnly: boolean): RawConnection | Promise<RawConnection>
}

interface Sqlite3 {
  readonly OPEN_READONLY: number
  readonly OPEN_READWRITE: number
  readonly OPEN_CREATE: number
  readonly Database: new (
    filename: string,
    flags: number,
    done: (error: Error | null) => void,
  ) => RawConnection & { serialize(): void }
}

type BetterSqlite3 = new (filename: string, options: { readonly: boolean }) => RawConnection

/** A driver that blocks must not wait in SQLite: the one who holds the lock may need this very thread to let go. */
const blocking = { synchronous: true, readers: 1, busyTimeoutMs: 20 } as const

/** All drivers, in the order in which they are tried where none was asked for. */
const drivers: readonly DriverDescription[] = [
  {
    ...blocking,
    name: 'better-sqlite3',
    dialect: (knex) => betterSqlite3Client(dialectOf(knex, 'better-sqlite3')),
    open: (driver, filename, readOnly) => new (driver as BetterSqlite3)(filename, { readonly: readOnly }),
  },
  {
    name: 'sqlite3',
    synchronous: false,
    readers: 3,
    busyTimeoutMs: 5000,
    dialect: (knex) => dialectOf(knex, 'sqlite3'),
    open: (driver, filename, readOnly) => openSqlite3(driver as Sqlite3, filename, readOnly),
  },
  {
    ...blocking,
    name: 'node:sqlite',
    dialect: (knex) => nodeSqliteClient(dialectOf(knex, 'better-sqlite3')),
    open: (driver, filename, readOnly) => openNodeSqlite(driver as NodeSqlite, filename, readOnly),
  },
]

/** knex and a driver that works, or why there is none. */
export type ChosenDriver =
  | {
      readonly ok: true
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
 * @returns the driver, or the problem of the one asked for. With `auto`, that of the first that is installed but broken, else
 *   of the first.
 */
export function chooseDriver(asked: 'auto' | SqliteDriver): ChosenDriver {
  const candidates = asked === 'auto' ? drivers : drivers.filter(({ name }) => name === asked)
  const problems: Problem[] = []
  for (const description of candidates) {
    const tried = tryDriver(description)
    if (tried.ok) return tried
    problems.push(tried.problem)
  }
  const [first] = problems
  if (!first) throw new TypeError(`sqliteDriver: ${asked} is none of auto, ${names()}`)
  return { ok: false, problem: problems.find(({ code }) => code === 'driver-broken') ?? first }
}

function tryDriver(description: DriverDescription): ChosenDriver {
  const loaded = loadAll('knex', description.name)
  if (!loaded.ok) return loaded
  const [knex, driver] = loaded.modules
  try {
    const opened = description.open(driver, ':memory:', false)
    Promise.resolve(opened)
      .then((connection) => (connection as { close(): void } & RawConnection).close())
      .catch(() => {})
    return { ok: true, description, driver, knex: knex as KnexModule }
  } catch {
    return { ok: false, problem: driverBroken(description.name, 'The SQLite database') }
  }
}

function loadAll(
  ...packages: readonly string[]
): { readonly ok: true; readonly modules: unknown[] } | Extract<ChosenDriver, { ok: false }> {
  const modules: unknown[] = []
  for (const name of packages) {
    const loaded = loadDriver(name, 'The SQLite database')
    if (!loaded.ok) return loaded
    modules.push(loaded.module)
  }
  return { ok: true, modules }
}

function openSqlite3(
  { Database, ...driver }: Sqlite3,
  filename: string,
  readOnly: boolean,
): Promise<RawConnection> {
  const flags = readOnly ? driver.OPEN_READONLY : driver.OPEN_READWRITE | driver.OPEN_CREATE
  return new Promise((resolve, reject) => {
    const connection = new Database(filename, flags, (error) => (error ? reject(error) : resolve(connection)))
    // One statement after the other: knex does not wait for the one that switches foreign keys on again after it has rebuilt
    // a table, and the BEGIN of the next transaction may overtake it on another thread, where it has no effect any more.
    connection.serialize()
  })
}

/** A dialect's class by its name: a knex without a connection loads no driver and makes no pool. */
function dialectOf(knex: KnexModule, name: string): KnexClientClass {
  return clientOf(knex({ client: name, useNullAsDefault: true })).constructor as KnexClientClass
}

function names(): string {
  return drivers.map(({ name }) => name).join(', ')
}
