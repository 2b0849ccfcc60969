import type { RawConnection } from '../knex-client.ts'

/** What is asked of a pool, whoever made it. */
export interface PoolPort {
  /** Whether a connection is at rest, or another one may be made, and nobody waits for one. */
  hasRoom(): boolean
  /** A connection at rest, else a new one. */
  acquire(): Promise<RawConnection>
  release(connection: RawConnection): void
  /** How many are with the watch, not with the program. */
  lent: number
}

/** Works with a connection of the pool, which is given back whatever happens, also where nobody waits for it any more. */
export async function borrow<T>(pool: PoolPort, work: (connection: RawConnection) => Promise<T>): Promise<T> {
  const connection = await pool.acquire()
  pool.lent++
  try {
    return await work(connection)
  } finally {
    pool.lent--
    pool.release(connection)
  }
}
