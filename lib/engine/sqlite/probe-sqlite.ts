import type { Knex } from 'knex'
import { clientOf, type KnexClient, type RawConnection } from '../knex-client.ts'
import type { SqliteClient } from './sqlite-client.ts'

/**
 * Asks a SQLite database for an answer out of its file, and with `write` whether it takes writes, leaving nothing behind. A
 * BEGIN IMMEDIATE alone succeeds on a file that cannot be written: only changing a page tells.
 *
 * @param knex - made by `openSqlite`.
 * @returns whether it is read-only; without `write` it is taken to be writable.
 * @throws the driver's error where the database does not answer.
 */
export async function probeSqlite(
  knex: Knex,
  options: { readonly write?: boolean } = {},
): Promise<{ readonly readOnly: boolean }> {
  if (!options.write) {
    await knex.raw('select count(*) from sqlite_master')
    return { readOnly: false }
  }
  const writer = (clientOf(knex) as SqliteClient).asWriter()
  const connection = await writer.acquireConnection()
  try {
    return { readOnly: await refusesWrites(writer, connection) }
  } finally {
    await writer.releaseConnection(connection)
  }
}

async function refusesWrites(writer: KnexClient, connection: RawConnection): Promise<boolean> {
  const run = (sql: string): Promise<unknown> => writer._query(connection, { sql, method: 'raw' })
  try {
    const { response } = (await run('PRAGMA user_version')) as { response: [{ user_version: number }] }
    await run('BEGIN IMMEDIATE')
    await run(`PRAGMA user_version = ${response[0].user_version}`)
    return false
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('SQLITE_READONLY')) return true
    throw error
  } finally {
    // Fails where no transaction was begun.
    await run('ROLLBACK').catch(() => {})
  }
}
