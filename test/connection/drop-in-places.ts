import { join } from 'node:path'
import type { Knex } from 'knex'
import { createEngine, openDatabase, type EngineOptions } from 'failsoft/knex'
import { targetOf } from '../engine/server/open-engine.js'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { temporaryDirectory } from '../engine/sqlite/open.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import type { Kind } from './drop-in-cases.js'

/** A database on which this library stands beside a plain knex. */
export interface Place {
  readonly name: string
  readonly kind: Kind
  /** For a plain knex. */
  readonly config: Knex.Config
  /** For this library. */
  readonly url: string
  readonly options: EngineOptions
}

interface Owner {
  teardown(end: () => unknown): void
}

const log = { debug() {}, warn() {}, error() {}, deprecate() {} }

/** A PostgreSQL, a MariaDB where there is one, and an empty SQLite file for each driver that works here. */
export async function openPlaces(t: Owner): Promise<readonly Place[]> {
  const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
  t.teardown(() => postgres.remove())
  const places = [onServer('pg', postgres.url)]
  if ('remove' in mariadb) {
    t.teardown(() => mariadb.remove())
    places.push(onServer('mysql2', mariadb.url))
  }
  const directory = temporaryDirectory(t)
  for (const { name, skip } of sqliteDrivers) if (!skip) places.push(inFile(name, directory))
  return places
}

/** The knexes of this library at a place: that of an engine, and the handle of a database, which is connected. */
export async function openSubjects(
  t: Owner,
  { url, options }: Pick<Place, 'url' | 'options'>,
): Promise<{ readonly engine: Knex; readonly handle: Knex }> {
  const made = createEngine(targetOf(url), options)
  if (!made.ok) throw new Error(made.problem.message)
  t.teardown(() => made.engine.close())
  const database = openDatabase({ url, ...options, log: () => {} })
  t.teardown(() => database.close())
  await database.connect()
  return { engine: made.engine.knex, handle: database.knex }
}

function onServer(client: 'pg' | 'mysql2', url: string): Place {
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  const connection = { host, port: Number(port), user, password, database: pathname.slice(1) }
  return { name: client, kind: client, config: { client, connection, log }, url, options: {} }
}

function inFile(name: (typeof sqliteDrivers)[number]['name'], directory: string): Place {
  const filename = join(directory, `${name.replace(':', '-')}.db`)
  const client = name === 'node:sqlite' ? 'better-sqlite3' : name
  const config = { client, connection: { filename }, log, useNullAsDefault: true }
  return { name, kind: 'sqlite', config, url: `sqlite:${filename}`, options: { sqliteDriver: name } }
}
