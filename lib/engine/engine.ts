import type { Knex } from 'knex'
import type { Problem } from '../problem/problem.ts'
import type { EngineInfo } from './engine-info.ts'
import type { SqliteDriver } from './sqlite/driver-names.ts'

export type { EngineInfo }

/** An answer of {@link Engine.probe}. */
export type ProbeResult =
  | { readonly ok: true; readonly latencyMs: number; readonly readOnly: boolean }
  | { readonly ok: false; readonly problem: Problem; readonly latencyMs: number }

/** knex, made safe, and what it runs on. */
export interface Engine {
  /** What it runs on, as far as is known now. */
  readonly info: EngineInfo
  /** Ready for queries; it connects with the first. */
  readonly knex: Knex
  /**
   * Asks the database for an answer, and with `write` whether it takes writes, leaving nothing behind. It never rejects.
   *
   * @param options - `timeoutMs`: the bound in milliseconds, 5,000 by default; `write`: `false` by default.
   */
  probe(options?: { readonly timeoutMs?: number; readonly write?: boolean }): Promise<ProbeResult>
  /** Closes all connections. Calling it again does nothing more. */
  close(): Promise<void>
}

/** An engine, or why there is none. */
export type EngineResult =
  { readonly ok: true; readonly engine: Engine } | { readonly ok: false; readonly problem: Problem }

/** Something that the owner of a program may want to read in a log. */
export interface LogEvent {
  /** How urgent it is: `warn` for what should be looked at, `error` for what nobody expected. */
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** Stable, such as `fallback` or `state`. */
  readonly event: string
  /** One line for a person, without secrets. */
  readonly message: string
  /** Plain data without secrets. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** How an engine is made. */
export interface EngineOptions {
  /** The bound of one attempt on one host, in milliseconds. Default: 5,000, or `connect_timeout` of the URL. */
  readonly connectTimeoutMs?: number
  /** Bounds of the pool. Defaults: 0 and 10 connections, 5,000 ms. */
  readonly pool?: { readonly min?: number; readonly max?: number; readonly acquireTimeoutMs?: number }
  /** What opens SQLite files. Default: `auto`. */
  readonly sqliteDriver?: 'auto' | SqliteDriver
  /** Called with each event, such as a fallback or a change of state. Default: none; then a fallback becomes a warning of the process. */
  readonly log?: (event: LogEvent) => void
}
