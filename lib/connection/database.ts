import type { Knex } from 'knex'
import type { EngineOptions } from '../engine/engine.ts'
import type { DatabaseConfig, ResolveOptions } from '../resolve/config.ts'
import type { HealthReport } from './health.ts'
import type { PromoteOptions, PromoteReport } from '../promote/report.ts'
import type { ConnectionState, Status } from './state.ts'

/** How a database is opened. */
export interface OpenOptions extends ResolveOptions, EngineOptions {
  /** A decision that was already made, in place of resolving the environment. If it names a SQLite file, no other place is tried. Default: none. */
  readonly config?: DatabaseConfig
  /** The bound of {@link Database.connect}, in milliseconds. Default: 10,000. */
  readonly bootDeadlineMs?: number
  /** Migrations: run on each new engine before it is handed out. If they fail, it is not handed out, and the problem is `migration-failed`. Default: none. */
  readonly prepare?: (knex: Knex) => Promise<void>
  /**
   * Another URL of the configured database, over which `prepare` runs, such as one past a pooler: behind a pooler that gives each transaction
   * another connection, the locks of migrations do not last. Its knex lives for `prepare` alone. Default: `DATABASE_URL_UNPOOLED`, `DIRECT_URL` or
   * `POSTGRES_URL_NON_POOLING`, if a well-known variable is in use and that one names the same dialect and database; else the URL in use.
   */
  readonly prepareUrl?: string
  /**
   * Whether the program goes back from the fallback to the configured database by itself. `when-clean`: while nothing was written to the
   * fallback; `manual`: only by `returnToPrimary()`. Default: `when-clean`.
   */
  readonly returnToPrimary?: 'when-clean' | 'manual'
}

/** The options with the environment as it was when the database was opened. */
export interface SettledOptions extends OpenOptions {
  readonly env: Readonly<Record<string, string | undefined>>
}

/** A change from one state to another. */
export interface StateChange {
  /** The state that was left. */
  readonly from: Status
  /** The state that it is in now. */
  readonly to: Status
  /** When it changed, in epoch milliseconds. */
  readonly at: number
  /** The code of the problem that led to it, or what was done; absent if nothing was wrong. */
  readonly reason?: string
}

/** An engine's own knex, held in place until it is released. */
export interface Pin {
  /** The engine's own knex, not the handle. */
  readonly knex: Knex
  /** Lets go. Calling it again does nothing. */
  release(): void
}

/** How {@link Database.session} runs its work. */
export interface DatabaseSessionOptions<T> {
  /** Whether the work runs in a transaction, which is IMMEDIATE on SQLite. Default: `false`. */
  readonly transaction?: boolean
  /** Decides by what the work returned whether to commit; if not, the transaction is rolled back, and the session returns the result all the same. Default: commit. */
  readonly commitIf?: (result: T) => boolean
  /** An abort, for example because the client went away, ends the session: a transaction is rolled back. Default: none. */
  readonly signal?: AbortSignal
}

/** A database that may be there or not, and says which. */
export interface Database extends AsyncDisposable {
  /** What was decided from the environment; computed on first access. Its trace grows with what attempts find out. */
  readonly config: DatabaseConfig
  /** What is true now; a new object after each change. */
  readonly state: ConnectionState
  /** One handle for the whole life, whatever engine is behind it. Reading it never throws; using it may. */
  readonly knex: Knex
  /**
   * Settles within the boot deadline and never rejects. Calls at the same time share one attempt. While the database is away, a call asks it
   * at once, without waiting for the next attempt.
   *
   * @param options - `signal`: an abort ends this caller's wait only.
   * @returns the state that the attempt came to; `connecting` if it is not over yet.
   * @throws TypeError that names an option of the wrong type, or one that does not exist.
   */
  connect(options?: { readonly signal?: AbortSignal }): Promise<ConnectionState>
  /**
   * Connects and returns the engine's own knex.
   *
   * @throws {@link DatabaseUnavailableError} when there is no database.
   */
  ready(): Promise<Knex>
  /**
   * Connects if need be, and holds the engine in use: the program does not switch between the fallback and the configured database until the
   * pin is released. For work of several queries that must all go to the same database, such as a request.
   *
   * @throws {@link DatabaseUnavailableError} when there is no database.
   */
  pin(): Promise<Pin>
  /**
   * Connects if need be, and runs `work` in a transaction, which is IMMEDIATE on SQLite, on one engine from start to end.
   *
   * @returns what `work` returned, once it is committed.
   * @throws {@link DatabaseUnavailableError} when there is no database; what `work` threw, once it is rolled back.
   */
  transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T>
  /**
   * Connects if need be, and runs `work` on one engine from start to end, as with a pin. Middleware for a framework is built on it. Whatever
   * happens to the work, no connection stays checked out.
   *
   * @param options - `transaction`: `work` gets a transaction, which commits if `commitIf` agrees; `signal`: an abort ends the session.
   * @returns what `work` returned, once it is committed.
   * @throws {@link DatabaseUnavailableError} when there is no database; what `work` threw, once it is rolled back; the reason of the signal,
   * once it is rolled back, or after a second if a statement keeps it waiting; TypeError that names a wrong option.
   *
   * @example
   * ```ts
   * await using database = openDatabase({ env: { DATABASE_URL: 'sqlite::memory:' } })
   * const rows = await database.session((knex) => knex.select(knex.raw('1 as one')), { transaction: true })
   * rows // [{ one: 1 }]
   * ```
   */
  session<T>(work: (knex: Knex) => Promise<T>, options?: DatabaseSessionOptions<T>): Promise<T>
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
   * Goes from the fallback back to the configured database, if that answers, takes writes and can be prepared; else nothing changes. What was
   * written to the fallback stays in its file.
   *
   * @returns the state after that.
   */
  returnToPrimary(): Promise<ConnectionState>
  /**
   * Copies what was written to the fallback into the configured database, and goes over to that. It never rejects for what the databases hold.
   * New work waits meanwhile, 30 s at most. More than 10,000 rows are not copied in this way: the report names the command that does it.
   * On any failure everything stays as it was, and the report says why. Calls at the same time are done one after the other. If no
   * fallback is in use, there is nothing to copy.
   *
   * @param options - `dryRun`: prepare the configured database, look at all rows, and write none. Default: `false`. `onConflict`: what to do with
   * a key that the configured database holds with other values. Default: `fail`.
   * @returns what came of it; its problem is `fallback-has-data` if the rows do not fit or are too many.
   * @throws TypeError that names an option of the wrong type, or one that does not exist.
   * @example
   * ```ts
   * const { done, rows, differences, problem } = await database.promote()
   * if (!done) console.error(problem?.message, differences)
   * ```
   */
  promote(options?: PromoteOptions): Promise<PromoteReport>
  /**
   * Calls the listener at each change of state. What it throws becomes a warning of the process.
   *
   * @returns a function that removes the listener.
   */
  onStateChange(listener: (change: StateChange) => void): () => void
  /**
   * Lets work in flight finish, then closes all connections. Whatever is open, it settles within 100 ms after its bound: what is left then
   * is rolled back. Calling it again waits for the same end.
   *
   * @param options - `timeoutMs`: how long work in flight may take, in milliseconds. Default: 5,000; `Infinity`: as long as it takes.
   * @throws TypeError that names an option of the wrong type, or one that does not exist; then nothing is closed.
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>
}
