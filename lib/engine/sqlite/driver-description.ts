import { clientOf, type KnexClientClass, type KnexModule, type RawConnection } from '../knex-client.ts'

/** What differs between the drivers. */
export interface DriverDescription {
  /** Whether a query, and SQLite's own wait for a lock, blocks the event loop. */
  readonly synchronous: boolean
  /** How many connections read beside the one that writes: without threads more than one gains nothing. */
  readonly readers: number
  /** How long SQLite itself may wait for a lock, in milliseconds. */
  readonly busyTimeoutMs: number
  /** knex's dialect for it. */
  dialect(knex: KnexModule): KnexClientClass
  /** Opens a file, or a database in memory. */
  open(driver: unknown, filename: string, readOnly: boolean): RawConnection | Promise<RawConnection>
  /** Ends the statement that is running on a connection, where one can be running while other code does. */
  interrupt?(connection: RawConnection): void
}

/** A driver that blocks must not wait in SQLite: the one who holds the lock may need this very thread to let go. */
export const blocking = { synchronous: true, readers: 1, busyTimeoutMs: 20 } as const

/** A dialect's class by its name: a knex without a connection loads no driver and makes no pool. */
export function dialectOf(knex: KnexModule, name: string): KnexClientClass {
  return clientOf(knex({ client: name, useNullAsDefault: true })).constructor as KnexClientClass
}
