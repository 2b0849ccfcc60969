import type { KnexAnswer, KnexClientClass, KnexQuery, RawConnection } from '../../knex-client.ts'
import { blocking, type DriverDescription } from '../driver-description.ts'
import { nameResult } from '../result-codes.ts'

/** `node:sqlite`, a part of Node.js, runs its statements on this thread. */
export const nodeSqlite: DriverDescription = {
  ...blocking,
  knexClient: 'better-sqlite3',
  adapt: nodeSqliteClient,
  open: (driver, filename, readOnly) => openNodeSqlite(driver as NodeSqlite, filename, readOnly),
}

type Row = Record<string, unknown>

interface Statement {
  all(...bindings: unknown[]): Row[]
  run(...bindings: unknown[]): { lastInsertRowid: number | bigint; changes: number | bigint }
  setReadBigInts(enabled: boolean): void
}

interface Connection extends RawConnection {
  prepare(sql: string): Statement
}

/** The module `node:sqlite`. */
export interface NodeSqlite {
  readonly DatabaseSync: new (filename: string, options: { readOnly: boolean }) => RawConnection
}

/** Opens a file; its errors have the codes of the other drivers. */
export function openNodeSqlite(
  { DatabaseSync }: NodeSqlite,
  filename: string,
  readOnly: boolean,
): RawConnection {
  try {
    return new DatabaseSync(filename, { readOnly })
  } catch (error) {
    throw withCode(error)
  }
}

/**
 * A knex dialect for `node:sqlite`: rows, errors and codes as with better-sqlite3, but that an integer beyond 2^53 is read as
 * a string in place of a wrong number. As with sqlite3, only the first of several statements in one text runs.
 *
 * @param BetterSqlite3 - knex's dialect for better-sqlite3. Its `driverName` stays, since knex decides by that name what
 *   SQLite can do.
 */
export function nodeSqliteClient(BetterSqlite3: KnexClientClass): KnexClientClass {
  return class NodeSqliteClient extends BetterSqlite3 {
    override async _query(connection: Connection, query: KnexQuery): Promise<KnexAnswer> {
      if (!query.sql) throw new Error('The query is empty')
      try {
        return Object.assign(query, run(connection, query, this._formatBindings(query.bindings)))
      } catch (error) {
        throw withCode(error)
      }
    }
  }
}

function run(
  connection: Connection,
  query: KnexQuery,
  bindings: unknown[],
): Pick<KnexAnswer, 'response' | 'context'> {
  const statement = connection.prepare(query.sql)
  if (givesRows(query)) return { response: readAll(statement, query.sql, bindings).map(readRow) }
  const { lastInsertRowid, changes } = statement.run(...bindings)
  return { response: { lastInsertRowid, changes }, context: { lastID: lastInsertRowid, changes } }
}

/** By what knex asked for, as its dialect for sqlite3 does: a statement can say it itself only from Node.js 22.16 on. */
function givesRows({ method = '', returning }: KnexQuery): boolean {
  return Boolean(returning) || !['insert', 'update', 'del', 'counter'].includes(method)
}

function readAll(statement: Statement, sql: string, bindings: unknown[]): Row[] {
  // A statement that also writes must not run twice, so its integers are read the slow way at once.
  if (!/^\s*(select|with|values)\b/i.test(sql) || /\b(insert|update|delete|replace)\b/i.test(sql)) {
    statement.setReadBigInts(true)
    return statement.all(...bindings)
  }
  try {
    return statement.all(...bindings)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_OUT_OF_RANGE') throw error
    statement.setReadBigInts(true)
    return statement.all(...bindings)
  }
}

function readRow(row: Row): Row {
  const copy: Row = {}
  for (const name in row) copy[name] = readValue(row[name])
  return copy
}

function readValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}

function withCode(error: unknown): unknown {
  const { code, errcode } = error as { code?: string; errcode?: number }
  if (code !== 'ERR_SQLITE_ERROR' || errcode === undefined) return error
  return Object.assign(error as Error, { code: nameResult(errcode), errno: errcode })
}
