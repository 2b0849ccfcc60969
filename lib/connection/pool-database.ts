import type { EngineOptions } from '../engine/engine.ts'
import type { DatabaseConfig, ResolveOptions } from '../resolve/config.ts'
import type { StateChange } from './database.ts'
import type { HealthReport } from './health.ts'
import type { ConnectionState } from './state.ts'

/**
 * How a pool is opened: as with `openDatabase`, but without a fallback, since a query builder works with one dialect.
 *
 * @example
 * ```ts
 * const options: PoolOptions = { pool: { max: 20 }, bootDeadlineMs: 5_000 }
 * options.pool?.max // 20
 * ```
 */
export interface PoolOptions
  extends Omit<ResolveOptions, 'strategy' | 'sqlite'>, Omit<EngineOptions, 'knex' | 'sqliteDriver'> {
  /** The bound of `connect()`, and of queries that wait for it, in milliseconds. Default: 10,000. */
  readonly bootDeadlineMs?: number
}

/** A driver's own pool, and what is known of its database. */
export interface SupervisedPoolDatabase<Pool> extends AsyncDisposable {
  /**
   * The driver's own pool, one object for life, usable at once: a query before `connect()` connects, and waits until the boot deadline at
   * most. While there is no database, a query rejects with {@link DatabaseUnavailableError}, in an outage at once. Its `end()` is
   * `close()`.
   *
   * @throws {@link ProblemError} `driver-missing` or `driver-broken`: then there is no pool to give.
   */
  readonly pool: Pool
  /** What was decided from the environment; computed on first access. A URL of another database is `unsupported-scheme`. */
  readonly config: DatabaseConfig
  /** What is true now; a new object after each change. Its status is never `fallback`. */
  readonly state: ConnectionState
  /**
   * Settles within the boot deadline and never rejects. Calls at the same time share one attempt.
   *
   * @param options - `signal`: an abort ends this caller's wait only.
   * @returns the state that the attempt came to; `connecting` if it is not over yet.
   * @throws TypeError that names an option of the wrong type, or one that does not exist.
   */
  connect(options?: { readonly signal?: AbortSignal }): Promise<ConnectionState>
  /**
   * Connects and returns the pool.
   *
   * @throws {@link DatabaseUnavailableError} when there is no database.
   */
  ready(): Promise<Pool>
  /** How the database is, from the state alone: no I/O. */
  health(): HealthReport
  /**
   * Asks the database itself. Calls at the same time share one probe.
   *
   * @param options - `timeoutMs`: how long the answer may take, in milliseconds. Default: 5,000.
   * @throws TypeError that names an option of the wrong type, or one that does not exist.
   */
  check(options?: { readonly timeoutMs?: number }): Promise<HealthReport>
  /**
   * Calls the listener at each change of state. What it throws becomes a warning of the process.
   *
   * @returns a function that removes the listener.
   */
  onStateChange(listener: (change: StateChange) => void): () => void
  /**
   * Refuses new work, lets work in flight finish, then closes all connections. Whatever is open, it settles within 100 ms after its bound:
   * what is left then is rolled back. Calling it again waits for the same end.
   *
   * @param options - `timeoutMs`: how long work in flight may take, in milliseconds. Default: 5,000; `Infinity`: as long as it takes.
   * @throws TypeError that names an option of the wrong type, or one that does not exist; then nothing is closed.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>
}
