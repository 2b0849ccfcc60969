import type { Database, OpenOptions } from './database.ts'
import { SupervisedDatabase } from './supervised-database.ts'

/**
 * Opens a database for the life of a program: it resolves the environment, connects, falls back by the strategy, and
 * keeps its state true until it is closed. Nothing is read or connected before the first use.
 *
 * @param options - what to use in place of the environment, how the engine is made, and `prepare`, the migrations.
 * @throws TypeError that names an option of the wrong type, or one that does not exist.
 *
 * @example
 * ```ts
 * await using database = openDatabase({ env: { DATABASE_URL: 'sqlite::memory:' } })
 * const state = await database.connect()
 * state.status // 'connected'
 * await database.knex.select(database.knex.raw('1 as one')) // [{ one: 1 }]
 * ```
 */
export function openDatabase(options: OpenOptions = {}): Database {
  return new SupervisedDatabase(options)
}
