import type { Pool } from 'mysql2/promise'
import { SupervisedPool } from '../connection/supervised-pool.ts'
import type { PoolOptions, SupervisedPoolDatabase } from '../connection/pool-database.ts'
import { mysqlPool } from '../engine/mysql/pool.ts'

/** A MySQL or MariaDB database behind a pool of `mysql2/promise`. */
export type PoolDatabase = SupervisedPoolDatabase<Pool>

/**
 * Opens a pool of `mysql2/promise` for the life of a program: it resolves the environment, connects, keeps its state true until it is
 * closed, and is a pool as `createPool` makes it, so that Kysely (on `pool.pool`, the one with callbacks), Drizzle or plain SQL work on it.
 * Nothing is read or connected before the first use.
 *
 * @param options - what to use in place of the environment, bounds, the size of the pool, log.
 * @throws TypeError that names an option of the wrong type, or one that does not exist.
 *
 * @example
 * ```ts
 * await using database = openPool({ env: { DATABASE_URL: 'postgres://app@db/shop' } })
 * const state = await database.connect()
 * state.problem?.code // 'unsupported-scheme'
 * ```
 */
export function openPool(options: PoolOptions = {}): PoolDatabase {
  return new SupervisedPool(mysqlPool, options)
}
