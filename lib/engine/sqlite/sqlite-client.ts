import type { KnexClient, RawConnection } from '../knex-client.ts'
import type { WriterListener } from './writer-events.ts'

/** A SQLite client: one reserved connection for all that writes in knex's own pool, and readers in another one. */
export interface SqliteClient extends KnexClient {
  /** The same client, with the readers' pool in place of the writer's. */
  asReader(): KnexClient
  /** Whether somebody uses a connection, or waits for one. */
  isBusy(): boolean
  /** Whether one connection does all the work. */
  readonly oneConnection: boolean
  /** Opens a reader beside the pools, which lives until all is closed. */
  openGuard(): Promise<RawConnection>
  /** Tells one listener of what happens on the writer. */
  watchWriter(listener: WriterListener | undefined): void
  /** Lets nobody write any more, also none of those who wait for the writer: they are refused with this error. */
  retire(refusal: () => Error): void
  /** The same, also for what waits for the lock of the file. Settles once nobody has the writer. */
  refuseWrites(refusal: () => Error): Promise<void>
  /** Lets what is in flight end within the bound, in milliseconds; then rolls back what is left, and closes everything. */
  closeWithin(timeoutMs: number): Promise<void>
}
