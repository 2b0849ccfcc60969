import { userInfo } from 'node:os'
import type { Knex } from 'knex'
import type { Problem } from '../../problem/problem.ts'
import { formatUrl } from '../../url/format-url.ts'
import type { ServerTarget } from '../../url/target.ts'
import type { EngineInfo, EngineOptions, ProbeResult } from '../engine.ts'
import { classify, describe, type ClassifiedError, type ErrorContext } from '../errors/classify-error.ts'
import { Gate } from '../gate.ts'
import { clientOf, type KnexClient } from '../knex-client.ts'
import { loadDriver } from '../load-driver.ts'
import { logToKnex } from '../log.ts'
import type { ManagedEngine, ManagedEngineResult } from '../managed-engine.ts'
import { ProblemError } from '../problem-error.ts'
import { tellTheTruth } from '../transactions.ts'
import { within } from '../within.ts'
import { Dialer } from './dialer.ts'
import { readNumber } from './parameters.ts'
import { poolSettings } from './pool-settings.ts'
import { serverDialects, type ServerDialect, type ServerStatus } from './server-dialect.ts'
import { planTls } from './tls.ts'

/** What the engine is told besides the public options. */
export interface ServerEngineOptions extends EngineOptions {
  readonly contextOf?: (target: ServerTarget, host: { host: string; port: number }) => ErrorContext
}

/** Makes an engine of a server's address. No connection is made before it is used. */
export function createServerEngine(
  target: ServerTarget,
  options: ServerEngineOptions = {},
): ManagedEngineResult {
  const dialect = serverDialects[target.dialect]
  const driver = loadDriver(dialect.driver)
  if (!driver.ok) return driver
  const knex = loadDriver('knex')
  if (!knex.ok) return knex
  const tls = planTls(target.tls, 'The database URL')
  if ('problem' in tls) return { ok: false, problem: tls.problem }
  const makeKnex = knex.module as (config: Knex.Config) => Knex
  return { ok: true, engine: new ServerEngine(makeKnex, dialect, target, tls, options) }
}

class ServerEngine implements ManagedEngine {
  readonly knex: Knex
  readonly #client: KnexClient
  readonly #dialect: ServerDialect
  readonly #target: ServerTarget
  readonly #dialer: Dialer
  readonly #gate: Gate
  readonly #context: ErrorContext
  #probing: object | undefined
  #version: string | undefined
  #closed: Promise<void> | undefined
  #lastFailure: ProblemError | undefined

  constructor(
    makeKnex: (config: Knex.Config) => Knex,
    dialect: ServerDialect,
    target: ServerTarget,
    tls: Exclude<ReturnType<typeof planTls>, { problem: unknown }>,
    options: ServerEngineOptions,
  ) {
    const urlTimeout = readNumber(target.params, 'connect_timeout', 'connectTimeout')
    const connectTimeoutMs = options.connectTimeoutMs ?? (urlTimeout ? urlTimeout * 1000 : 5000)
    const pool = poolSettings(target.params, options.pool)
    this.#dialect = dialect
    this.#target = target
    this.#context = { target: formatUrl(target), dialect: dialect.name }
    this.knex = makeKnex({
      client: dialect.knexClient,
      connection: dialect.settings(credentialsOf(target), target),
      pool: { ...pool, validate: (connection: object) => this.#isAlive(connection) },
      log: logToKnex(options.log),
      asyncStackTraces: false,
    })
    this.#client = clientOf(this.knex)
    const contextOf = (host: { host: string; port: number }): ErrorContext =>
      options.contextOf?.(target, host) ?? this.#context
    this.#dialer = new Dialer(this.#client, { dialect, target, tls, connectTimeoutMs, contextOf })
    this.#client.acquireRawConnection = () => this.#connect()
    this.#gate = new Gate(this.#client, (error) => this.#nameAcquireError(error, pool.max))
    tellTheTruth(this.#client)
  }

  get info(): EngineInfo {
    const { dialect } = this.#target
    const base = { dialect, driver: this.#dialect.driver, target: formatUrl(this.#target) }
    return this.#version === undefined ? base : { ...base, host: this.#dialer.host.host, serverVersion: this.#version }
  }

  async probe(options: { readonly timeoutMs?: number; readonly write?: boolean } = {}): Promise<ProbeResult> {
    const timeoutMs = options.timeoutMs ?? 5000
    const started = performance.now()
    try {
      const { readOnly } = await within(timeoutMs, this.#ask(timeoutMs))
      return { ok: true, latencyMs: performance.now() - started, readOnly }
    } catch (error) {
      this.#endProbing()
      return { ok: false, problem: this.#problemOf(error), latencyMs: performance.now() - started }
    }
  }

  async close(): Promise<void> {
    this.#closed ??= this.#close()
    await this.#closed
  }

  setGate(refuse: (() => Error) | undefined): void {
    this.#gate.set(refuse)
  }

  isBusy(): boolean {
    return (this.#client.pool?.numUsed() ?? 0) > 0
  }

  dropConnections(): void {
    this.#probing = undefined
    this.#dialer.dropAll()
  }

  suspectConnections(): void {
    this.#dialer.suspectAll()
  }

  onTrouble(listener: (found: ClassifiedError) => void): void {
    const tell = (error: unknown): void => {
      const found = classify(error, this.#context)
      if (found.kind === 'connection') listener(found)
    }
    this.knex.on('query-error', tell)
    this.#gate.onFailure(tell)
  }

  async #connect(budgetMs?: number): Promise<object> {
    try {
      return await this.#dialer.dial(budgetMs)
    } catch (error) {
      this.#lastFailure = error as ProblemError
      throw error
    }
  }

  /** Asks over a connection of its own, so that a full pool does not look like a dead server; a stale one gets a second chance. */
  async #ask(timeoutMs: number): Promise<ServerStatus> {
    const kept = this.#probing
    if (kept !== undefined) {
      try {
        return await this.#read(kept)
      } catch {
        this.#endProbing()
      }
    }
    this.#probing = await this.#connect(timeoutMs)
    return await this.#read(this.#probing)
  }

  async #read(connection: object): Promise<ServerStatus> {
    const status = await this.#dialer.readStatus(connection)
    this.#version = status.version
    return status
  }

  #endProbing(): void {
    const connection = this.#probing
    this.#probing = undefined
    if (connection !== undefined) this.#dialer.drop(connection)
  }

  /** A connection that has rested is asked before it is handed out, so that a restart of the server goes unnoticed. */
  async #isAlive(connection: object): Promise<boolean> {
    return this.#dialer.isCurrent(connection) && (await this.#dialer.answers(connection))
  }

  #nameAcquireError(error: unknown, max: number): unknown {
    if (error instanceof ProblemError) return error
    const { pool } = this.#client
    if (pool && pool.numUsed() >= max) return new ProblemError(describe('pool-exhausted', this.#context))
    return this.#lastFailure ?? new ProblemError(classify(error, this.#context), { cause: error })
  }

  #problemOf(error: unknown): Problem {
    const { code, message, hint } = classify(error, this.#context)
    return { code, message, hint }
  }

  async #close(): Promise<void> {
    this.#endProbing()
    await within(5000, this.knex.destroy()).catch(() => this.dropConnections())
  }
}

/** Every part written: a driver fills what is left out from somewhere else. */
function credentialsOf({ user, password, database }: ServerTarget): { user: string; password: string; database: string | undefined } {
  return { user: user ?? userInfo().username, password: password?.reveal() ?? '', database }
}
