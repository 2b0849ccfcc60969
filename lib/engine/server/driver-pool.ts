import type { RawConnection } from '../knex-client.ts'
import type { Connect } from './host-dialer.ts'

/** Takes a connection, as the driver's own pool hands it out, or why there is none. */
export type Served = (
  error: Error | null | undefined,
  connection?: RawConnection,
  release?: (isBroken?: boolean) => void,
) => void

/** What is asked of a driver's own pool, beside the gate before it. */
export interface DriverPool {
  /** How many connections are handed out. */
  readonly used: number
  /** Whether a connection is at rest, or another one may be made, and nobody waits for one. */
  hasRoom(): boolean
  /** Whether who comes now is served at once, with a connection at rest. */
  servesAtOnce(): boolean
  /** A connection at rest, else a new one, else the next one that is given back. */
  take(served: Served): void
  giveBack(connection: RawConnection): void
  /** Ends one that was taken. */
  discard(connection: RawConnection): void
  /** Makes a connection that does not belong to it. */
  readonly connect: Connect
  /** Waits for those in use, and ends all. */
  end(): Promise<void>
}
