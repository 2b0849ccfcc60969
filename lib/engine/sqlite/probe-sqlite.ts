import type { KnexClient, RawConnection } from '../knex-client.ts'
import type { SqliteClient } from './sqlite-client.ts'

/** What a SQLite database answers. */
export interface SqliteAnswer {
  readonly readOnly: boolean
}

/**
 * Asks a SQLite database for an answer out of its file, and with `write` whether it takes writes, leaving nothing behind. A
 * BEGIN IMMEDIATE alone succeeds on a file that cannot be written: only changing a page tells. Whether the disk takes it, only a commit does.
 *
 * @param client - the client behind a knex that `openSqlite` made.
 * @param options - `commits`: whether the page is written to the disk, with the value that it has.
 * @returns whether it is read-only; without `write` it is taken to be writable.
 * @throws the driver's error where the database does not answer.
 */
export async function probeSqlite(
  client: SqliteClient,
  options: { readonly write?: boolean; readonly commits?: boolean } = {},
): Promise<SqliteAnswer> {
  const asked = options.write ? client : client.asReader()
  const connection = await asked.acquireConnection()
  try {
    if (options.write) return { readOnly: await refusesWrites(asked, connection, options.commits === true) }
    await read(asked, connection)
    return { readOnly: false }
  } finally {
    await asked.releaseConnection(connection)
  }
}

/**
 * Asks a SQLite database for an answer out of its file, over a connection of its own: those of the pools may all be in use.
 *
 * @throws the driver's error where the database does not answer.
 */
export async function probeBesidePools(client: SqliteClient): Promise<void> {
  const reader = client.asReader()
  const connection = await reader.acquireRawConnection()
  try {
    await read(reader, connection)
  } finally {
    await reader.destroyRawConnection(connection)
  }
}

async function read(reader: KnexClient, connection: RawConnection): Promise<void> {
  await reader._query(connection, { sql: 'select count(*) from sqlite_master', method: 'raw' })
}

async function refusesWrites(
  writer: KnexClient,
  connection: RawConnection,
  commits: boolean,
): Promise<boolean> {
  const run = (sql: string): Promise<unknown> => writer._query(connection, { sql, method: 'raw' })
  const changeNothing = async (): Promise<void> => {
    const { response } = (await run('PRAGMA user_version')) as { response: [{ user_version: number }] }
    await run('BEGIN IMMEDIATE')
    await run(`PRAGMA user_version = ${response[0].user_version}`)
    if (commits) await run('COMMIT')
  }
  const refusal = await changeNothing().catch((error: unknown) => error as NodeJS.ErrnoException)
  // Fails where no transaction is open.
  await run('ROLLBACK').catch(() => {})
  if (refusal && !String(refusal.code).startsWith('SQLITE_READONLY')) throw refusal
  return Boolean(refusal)
}
