import type { Knex } from 'knex'
import { problemCatalogue } from '../../problem/catalogue.ts'
import { formatUrl } from '../../url/format-url.ts'
import type { ServerTarget } from '../../url/target.ts'
import type { EngineInfo, ProbeResult } from '../engine.ts'
import { classify, describe, type ClassifiedError, type ErrorContext } from '../errors/classify-error.ts'
import { Breaker } from '../breaker.ts'
import { clientOf, type KnexModule } from '../knex-client.ts'
import { logToKnex } from '../log.ts'
import type { ManagedEngine } from '../managed-engine.ts'
import { ProblemError } from '../problem-error.ts'
import { guardTransactions } from '../guard-transactions.ts'
import { within } from '../time.ts'
import { Connections } from './connections.ts'
import { Dialer } from './dialer.ts'
import type { ServerPlan } from './plan-server.ts'
import { serverClient, type ServerClient } from './server-client.ts'
import { ServerProbe } from './server-probe.ts'

/** How long what is in flight may take to end when the engine is closed, in milliseconds. */
const closeTimeoutMs = 5000

/** knex on a server. */
export class ServerEngine implements ManagedEngine {
  readonly knex: Knex
  readonly #makeKnex: KnexModule
  readonly #target: ServerTarget
  readonly #plan: ServerPlan
  readonly #client: ServerClient
  readonly #connections = new Connections()
  readonly #dialer: Dialer
  readonly #probe: ServerProbe
  readonly #breaker: Breaker
  readonly #listeners: ((found: ClassifiedError) => void)[] = []
  #version: string | undefined
  #closed: Promise<void> | undefined

  constructor(makeKnex: KnexModule, plan: ServerPlan) {
    this.#makeKnex = makeKnex
    this.#target = plan.target
    this.#plan = plan
    this.knex = this.#makeClient()
    this.#client = clientOf(this.knex) as ServerClient
    this.#dialer = new Dialer(this.#client, plan, this.#connections, (why) =>
      this.#report(classify(why, this.#context)),
    )
    this.#probe = new ServerProbe(this.#dialer, this.#connections)
    this.#breaker = new Breaker(this.#client, (error) => this.#explain(error))
    const report = (error: unknown): void => this.#report(classify(error, this.#context))
    this.knex.on('query-error', report)
    this.#breaker.onFailure(report)
    guardTransactions(this.#client, plan.dialect.transactions)
  }

  get info(): EngineInfo {
    const base = {
      dialect: this.#target.dialect,
      driver: this.#plan.dialect.driver,
      target: formatUrl(this.#target),
    }
    const { host, hostNumber } = this.#dialer
    return this.#version === undefined
      ? base
      : { ...base, host: host.host, ...(hostNumber && { hostNumber }), serverVersion: this.#version }
  }

  /** Whether it takes writes is what the server says of itself, so `write` makes no difference: nothing is written. */
  async probe(options: { readonly timeoutMs?: number; readonly write?: boolean } = {}): Promise<ProbeResult> {
    const timeoutMs = options.timeoutMs ?? 5000
    const started = performance.now()
    try {
      const { readOnly, version } = await within(timeoutMs, this.#probe.ask(timeoutMs))
      this.#version = version
      return { ok: true, latencyMs: performance.now() - started, readOnly }
    } catch (error) {
      const { code, message, hint } = classify(error, this.#context)
      return { ok: false, problem: { code, message, hint }, latencyMs: performance.now() - started }
    }
  }

  async close({ timeoutMs = closeTimeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(timeoutMs)
    await this.#closed
  }

  setGate(refuse: (() => Error) | undefined): void {
    if (this.#closed) return
    if (refuse) this.#breaker.open(refuse)
    else this.#breaker.close()
  }

  setPassword(password: string): void {
    this.#plan.login.password = password
  }

  isBusy(): boolean {
    return this.#used > 0
  }

  dropConnections(): void {
    this.#connections.dropAll(this.#problem('connection-lost'))
  }

  suspectConnections(): void {
    this.#connections.suspectAll()
  }

  onTrouble(listener: (found: ClassifiedError) => void): void {
    this.#listeners.push(listener)
  }

  get #used(): number {
    return this.#client.pool?.numUsed() ?? 0
  }

  get #context(): ErrorContext {
    return this.#plan.contextOf(this.#dialer.host)
  }

  #problem(code: 'closed' | 'connection-lost'): ProblemError {
    return new ProblemError(describe(code, this.#context))
  }

  #makeClient(): Knex {
    const { dialect, driverSettings, pool, log } = this.#plan
    const client = serverClient(this.#makeKnex, dialect.knexClient, {
      dial: (beside) => (beside ? this.#dialer.dialBeside(beside) : this.#dialer.dial()),
      isAlive: (connection) => this.#dialer.isAlive(connection),
      drop: (connection) => this.#connections.drop(connection),
    })
    return this.#makeKnex({
      client: client as unknown as typeof Knex.Client,
      connection: driverSettings,
      pool,
      log: logToKnex(log),
      asyncStackTraces: false,
      // A statement that failed is named without its values.
      compileSqlOnError: false,
    })
  }

  /** Where the connection is to blame, the others are asked before they are used again. */
  #report(found: ClassifiedError): void {
    if (this.#closed || found.kind !== 'connection' || problemCatalogue[found.code].proves === 'nothing')
      return
    this.suspectConnections()
    for (const listener of this.#listeners) listener(found)
  }

  /** "The pool is probably full", says knex whenever the wait is over; often the server is away. */
  #explain(error: unknown): ProblemError {
    if (error instanceof ProblemError) return error
    const isTimeout = error instanceof this.#makeKnex.KnexTimeoutError
    if (!isTimeout) return new ProblemError(classify(error, this.#context), { cause: error })
    const code = this.#used >= this.#plan.pool.max ? 'pool-exhausted' : 'connect-timeout'
    return new ProblemError(describe(code, this.#context), { cause: error })
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#breaker.open(() => this.#problem('closed'))
    this.#probe.end()
    await within(timeoutMs, this.knex.destroy()).catch(() => undefined)
    this.#connections.close(this.#problem('closed'))
  }
}
