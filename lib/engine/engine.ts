import type { Knex } from 'knex'
import type { Problem } from '../problem/problem.ts'
import type { EngineInfo } from './engine-info.ts'
import type { Drivers, KnexOptions } from './knex-options.ts'
import type { SqliteDriver } from './sqlite/driver-names.ts'

export type { Drivers, EngineInfo, KnexOptions }

/** An answer of {@link Engine.probe}. */
export type ProbeResult =
  | {
      /** The database answered. */
      readonly ok: true
      /** How long the answer took, in milliseconds. */
      readonly latencyMs: number
      /** Whether the database refuses writes. */
      readonly readOnly: boolean
    }
  | {
      /** There was no answer, or one that was no use. */
      readonly ok: false
      /** Why not, and what to do. */
      readonly problem: Problem
      /** How long it took to find out, in milliseconds. */
      readonly latencyMs: number
    }

/** knex, made safe, and what it runs on. */
export interface Engine {
  /** What it runs on, as far as is known now. */
  readonly info: EngineInfo
  /** Ready for queries; the first one connects. */
  readonly knex: Knex
  /**
   * Asks the database for an answer, and with `write` whether it takes writes, leaving nothing behind. It never rejects for what
   * the database does.
   *
   * @param options - `timeoutMs`: the bound in milliseconds, 5,000 by default; `write`: `false` by default.
   * @throws TypeError that names an option of the wrong type, or one that does not exist.
   */
  probe(options?: { readonly timeoutMs?: number; readonly write?: boolean }): Promise<ProbeResult>
  /** Closes all connections. Calling it again does nothing more. */
  close(): Promise<void>
}

/** An engine, or why there is none. */
export type EngineResult =
  | {
      /** There is an engine; nothing was connected yet. */
      readonly ok: true
      /** Close it when it is no longer used. */
      readonly engine: Engine
    }
  | {
      /** There is none, and nothing to close. */
      readonly ok: false
      /** Why not, and what to do. */
      readonly problem: Problem
    }

/** Something that the owner of a program may want to read in a log. */
export interface LogEvent {
  /** How urgent it is: `warn` for what should be looked at, `error` for what nobody expected. */
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** What happened: a stable name, such as `fallback` or `state`. */
  readonly event: string
  /** One line for a person, without secrets. */
  readonly message: string
  /** More about it: plain data, without secrets. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** Gives the login for a host. */
export type Credentials = (to: {
  /** The host that is connected to, as the URL names it. */
  readonly host: string
  /** Its port, as the URL names it; else the default one of the database. */
  readonly port: number
  /** The user of the URL, if it names one. */
  readonly user?: string
}) => Promise<{
  /** Who logs in. Default: the user of the URL. */
  readonly user?: string
  /** The password or token of this one connection. */
  readonly password: string
}>

/** How an engine is made. */
export interface EngineOptions {
  /** The longest that one attempt on one host may take, in milliseconds. Default: `connect_timeout` of the URL (in seconds), else 5,000. */
  readonly connectTimeoutMs?: number
  /** The size of the pool. */
  readonly pool?: {
    /** How many connections are kept open, even if they are idle for long. Default: 0. */
    readonly min?: number
    /** The most connections to a server at a time; for a SQLite file it has no effect. Default: `connection_limit` of the URL, else 10. */
    readonly max?: number
    /** The longest that a statement waits for a free connection, in milliseconds. Default: `pool_timeout` of the URL (in seconds), else 60,000. */
    readonly acquireTimeoutMs?: number
  }
  /** The package that opens SQLite files. Default: `auto`, the first that works of better-sqlite3, sqlite3 and node:sqlite. */
  readonly sqliteDriver?: 'auto' | SqliteDriver
  /**
   * Options of knex, handed through, such as Objection's `knexSnakeCaseMappers()`. Defaults: those of knex, except `useNullAsDefault: true` on
   * SQLite, and `compileSqlOnError: false` (no values in the message of an error).
   *
   * @example
   * ```ts
   * const upper = { knex: { wrapIdentifier: (value, wrap) => wrap(value.toUpperCase()) } }
   * await using database = openDatabase({ env: { DATABASE_URL: 'sqlite::memory:' }, ...upper })
   * const knex = await database.ready()
   * knex('tasks').toString() // 'select * from `TASKS`'
   * ```
   */
  readonly knex?: KnexOptions
  /**
   * Packages that are handed over, for a bundle that contains them. Default: each is found on demand, from where this package is installed or
   * from where the program is. If one of the SQLite drivers is handed over, it is tried first.
   */
  readonly drivers?: Drivers
  /**
   * Called for the login of each new connection, such as a token of a cloud's identity service, which is signed for one host. It may take as
   * long as the connection (`connectTimeoutMs`). If it rejects, the connection fails with `auth-failed`, and its error as the cause. After the
   * server refused a login, it is called at most every 15 seconds. Default: user and password of the URL.
   */
  readonly credentials?: Credentials
  /** Called with each event, such as a fallback or a change of state. Default: none; then a fallback becomes a warning of the process. */
  readonly log?: (event: LogEvent) => void
}
