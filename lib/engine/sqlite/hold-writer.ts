import type { DriverError } from '../guard-transactions.ts'
import type { RawConnection } from '../knex-client.ts'
import { within } from '../time.ts'
import type { Run } from './contents.ts'
import type { SqliteClient } from './sqlite-client.ts'
import { sqliteTransactions } from './transactions.ts'

/** The one connection that writes, held: nobody else commits, in no process. */
export interface WriterHold {
  readonly connection: RawConnection
  readonly run: Run
  /** Ends the transaction that holds it, and gives it back. */
  release(how?: 'commit' | 'rollback'): Promise<void>
}

/**
 * Waits, bounded, for the writer, and holds it.
 *
 * @throws WaitTimeout, or the driver's error.
 */
export async function holdWriter(client: SqliteClient, timeoutMs: number): Promise<WriterHold> {
  const holding = hold(client)
  try {
    return await within(timeoutMs, holding)
  } catch (error) {
    // It may still come, and is nobody's then.
    holding.then((late) => late.release()).catch(() => undefined)
    throw error
  }
}

async function hold(client: SqliteClient): Promise<WriterHold> {
  const connection = await client.acquireConnection()
  const run = runOn(client, connection)
  try {
    await run('begin immediate')
  } catch (error) {
    await client.releaseConnection(connection)
    throw error
  }
  return {
    connection,
    run,
    async release(how = 'rollback') {
      try {
        await run(how)
      } catch (error) {
        // SQLite has rolled back by itself where the disk failed: that error is the one to be told.
        if (how === 'commit' || !sqliteTransactions.isRolledBack?.(error as DriverError)) throw error
      } finally {
        await client.releaseConnection(connection)
      }
    },
  }
}

/** Runs statements on a connection, past all that guards it. */
export function runOn(client: SqliteClient, connection: RawConnection): Run {
  return async (sql) => {
    const { response } = await client._query(connection, { sql, method: 'raw' })
    return Array.isArray(response) ? (response as Awaited<ReturnType<Run>>) : []
  }
}
