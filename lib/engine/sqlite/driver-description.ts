import type { KnexClientClass, RawConnection } from '../knex-client.ts'

/** What differs between the drivers. */
export interface DriverDescription {
  /** Whether a query, and SQLite's own wait for a lock, blocks the event loop. */
  readonly synchronous: boolean
  /** How many connections read beside the one that writes: without threads more than one gains nothing. */
  readonly readers: number
  /** What knex calls its own dialect for it, or for the one that it is most like. */
  readonly knexClient: 'better-sqlite3' | 'sqlite3'
  /** Makes the dialect for it of knex's own. */
  adapt?(Dialect: KnexClientClass): KnexClientClass
  /** Opens a file, or a database in memory. */
  open(driver: unknown, filename: string, readOnly: boolean): RawConnection | Promise<RawConnection>
  /** Runs one statement without values, past knex, and returns its rows. */
  all(connection: RawConnection, sql: string): readonly object[] | Promise<readonly object[]>
  /** Closes a connection that was opened past knex. */
  close(connection: RawConnection): void | Promise<void>
  /** Ends the statement that is running on a connection, where one can be running while other code does. */
  interrupt?(connection: RawConnection): void
}

/** A statement of a driver that blocks. */
interface BlockingConnection extends RawConnection {
  prepare(sql: string): { readonly reader?: boolean; all(): object[]; run(): unknown }
  close(): void
}

/** What the drivers that block have in common. */
export const blocking = {
  synchronous: true,
  readers: 1,
  all(connection: RawConnection, sql: string): readonly object[] {
    const statement = (connection as BlockingConnection).prepare(sql)
    // better-sqlite3 refuses to read what gives no rows.
    if (statement.reader !== false) return statement.all()
    statement.run()
    return []
  },
  close(connection: RawConnection): void {
    ;(connection as BlockingConnection).close()
  },
} as const
