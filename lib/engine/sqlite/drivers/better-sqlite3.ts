import type { KnexAnswer, KnexClientClass, KnexQuery, RawConnection } from '../../knex-client.ts'
import { blocking, type DriverDescription } from '../driver-description.ts'

type BetterSqlite3 = new (filename: string, options: { readonly: boolean }) => RawConnection

/** `better-sqlite3` runs its statements on this thread. */
export const betterSqlite3: DriverDescription = {
  ...blocking,
  knexClient: 'better-sqlite3',
  adapt: betterSqlite3Client,
  open: (driver, filename, readOnly) => open(driver as BetterSqlite3, filename, readOnly),
}

/** The package takes blanks at the end off a name, and would open another file. */
function open(Database: BetterSqlite3, filename: string, readonly: boolean): RawConnection {
  if (filename.trim() === filename) return new Database(filename, { readonly })
  const message = 'better-sqlite3 opens no file whose name ends with a blank'
  throw Object.assign(new Error(message), { code: 'SQLITE_CANTOPEN' })
}

/** How many statements a connection keeps. An app has fewer; who puts values into the text has one for each value. */
const keptStatements = 100
/** The longest text that is kept: what is longer takes longer to run than to prepare. */
const keptLength = 4000

/** These mean the same whenever they run; a pragma may take effect while it is prepared. */
const repeatable = /^\s*(?:select|with|insert|update|delete|replace)\b/i

interface Connection extends RawConnection {
  prepare(sql: string): unknown
}

interface Statement {
  raw(): { all(...bindings: readonly unknown[]): unknown[][] }
}

/**
 * A knex dialect for better-sqlite3 that prepares a statement once on each connection: knex prepares it for each query, which
 * takes longer than a lookup by its key. When the schema changes, SQLite prepares a kept statement anew by itself.
 *
 * @param BetterSqlite3 - knex's own dialect.
 * @see {@link https://sqlite.org/c3ref/prepare.html}
 */
export function betterSqlite3Client(BetterSqlite3: KnexClientClass): KnexClientClass {
  return class BetterSqlite3Client extends BetterSqlite3 {
    override _query(connection: Connection, query: KnexQuery): Promise<KnexAnswer> {
      if (query.options?.failsoftArrays) return Promise.resolve(queryArrays(connection, query))
      return super._query(isKept(query) ? cacheOf(connection, statementCaches) : connection, query)
    }
  }
}

/** Rows as arrays of their values. */
function queryArrays(connection: Connection, query: KnexQuery): KnexAnswer {
  const { sql, bindings = [] } = query
  const source = isKept(query) ? cacheOf(connection, arrayCaches) : connection
  const response = (source.prepare(sql) as Statement).raw().all(...bindings)
  return Object.assign(query, { response })
}

/** How integers are read is a setting of the statement, which the next query would find. */
function isKept({ sql, options }: KnexQuery): boolean {
  return options?.safeIntegers === undefined && sql.length <= keptLength && repeatable.test(sql)
}

type Caches = WeakMap<Connection, Connection>

const statementCaches: Caches = new WeakMap()
/** A statement answers with arrays from then on, so it is none of the others. */
const arrayCaches: Caches = new WeakMap()

function cacheOf(connection: Connection, caches: Caches): Connection {
  const known = caches.get(connection)
  if (known) return known
  const statements = new Map<string, unknown>()
  const cache = { prepare: (sql: string) => prepareOnce(connection, statements, sql) }
  caches.set(connection, cache)
  return cache
}

/** The oldest goes when there are too many, used or not: to know which was used last, the map would have to change with each query. */
function prepareOnce(connection: Connection, statements: Map<string, unknown>, sql: string): unknown {
  const kept = statements.get(sql)
  if (kept !== undefined) return kept
  const statement = connection.prepare(sql)
  if (statements.size === keptStatements) {
    const [oldest = ''] = statements.keys()
    statements.delete(oldest)
  }
  statements.set(sql, statement)
  return statement
}
