import type { Pool } from 'pg'
import { SupervisedPool } from '../connection/supervised-pool.ts'
import type { PoolOptions, SupervisedPoolDatabase } from '../connection/pool-database.ts'
import { postgresPool } from '../engine/postgres/pool.ts'

/** A PostgreSQL database behind a pool of `pg`. */
export type PoolDatabase = SupervisedPoolDatabase<Pool>

/**
 * Opens a pool of `pg` for the life of a program: it resolves the environment, connects, keeps its state true until it is closed, and is
 * an instance of `pg.Pool`, so that Kysely, Drizzle, Prisma's adapter or plain SQL work on it. Nothing is read or connected before the
 * first use.
 *
 * @param options - what to use in place of the environment, bounds, the size of the pool, log.
 * @throws TypeError that names an option of the wrong type, or one that does not exist.
 *
 * @example
 * ```ts
 * await using database = openPool({ env: { DATABASE_URL: 'mysql://app@db/shop' } })
 * const state = await database.connect()
 * state.problem?.code // 'unsupported-scheme'
 * ```
 */
export function openPool(options: PoolOptions = {}): PoolDatabase {
  return new SupervisedPool(postgresPool, options)
}
