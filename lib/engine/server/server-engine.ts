import type { Knex } from 'knex'
import { problemCatalogue } from '../../problem/catalogue.ts'
import type { Problem } from '../../problem/problem.ts'
import { formatUrl } from '../../url/format-url.ts'
import type { ServerTarget } from '../../url/target.ts'
import type { EngineInfo, ProbeResult } from '../engine.ts'
import {
  classify,
  describe,
  problemIn,
  type ClassifiedError,
  type ErrorContext,
} from '../errors/classify-error.ts'
import type { Redact } from '../errors/server-words.ts'
import { Breaker } from '../breaker.ts'
import { clientOf, type KnexModule } from '../knex-client.ts'
import { logToKnex } from '../log.ts'
import type { ManagedEngine } from '../managed-engine.ts'
import { problemOf, ProblemError } from '../problem-error.ts'
import { guardTransactions } from '../guard-transactions.ts'
import { within } from '../time.ts'
import { Connections } from './connections.ts'
import { Dialer } from './dialer.ts'
import type { Connect } from './host-dialer.ts'
import type { ServerPlan } from './plan-server.ts'
import type { PoolPort } from './pool-port.ts'
import { serverClient, type ServerClient } from './server-client.ts'
import { ServerProbe } from './server-probe.ts'
import { SilenceWatch } from './silence-watch.ts'

/** How long what is in flight may take to end when the engine is closed, in milliseconds. */
const closeTimeoutMs = 5000

/** A wait that is over so much too late, in milliseconds, was one of a process that stood still. */
const stillMs = 500

/** knex on a server. */
export class ServerEngine implements ManagedEngine {
  readonly knex: Knex
  readonly #makeKnex: KnexModule
  readonly #target: ServerTarget
  readonly #plan: ServerPlan
  readonly #client: ServerClient
  readonly #connections = new Connections(() => this.isBusy())
  readonly #dialer: Dialer
  readonly #pool: PoolPort
  readonly #probe: ServerProbe
  readonly #watch: SilenceWatch
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
    const connect: Connect = (settings) => this.#client.connectWith(settings)
    this.#dialer = new Dialer(connect, plan, this.#connections, (why) =>
      this.#report(classify(why, this.#context)),
    )
    const isLate = (error: unknown, waitedMs: number): boolean =>
      error instanceof makeKnex.KnexTimeoutError && waitedMs > plan.pool.acquireTimeoutMillis + stillMs
    this.#breaker = new Breaker(this.#client, (error) => this.#explain(error), isLate)
    this.#pool = this.#poolPort()
    this.#probe = new ServerProbe(this.#dialer, this.#connections, this.#pool)
    this.#watch = new SilenceWatch(plan.dialect, this.#connections, this.#dialer, this.#pool, {
      onLost: (connection) => this.#connections.drop(connection, this.#problem('connection-lost')),
      onDead: (host, error) => {
        this.#connections.dropHost(host, this.#problem('connection-lost'))
        this.#report(classify(error, this.#context))
      },
    })
    this.knex.on('query-error', (error: unknown) => {
      const found = classify(error, { ...this.#context, stage: 'statement' })
      if (found.kind === 'connection') this.#report(found)
    })
    this.#breaker.onFailure((error) => this.#report(classify(error, this.#context)))
    guardTransactions(this.#client, plan.dialect.transactions)
  }

  get redact(): Redact {
    return this.#plan.redact
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
    if (this.#closed) return { ok: false, problem: problemOf(this.#problem('closed')), latencyMs: 0 }
    try {
      const { readOnly, version } = await this.#probe.ask(timeoutMs)
      this.#version = version
      return { ok: true, latencyMs: performance.now() - started, readOnly }
    } catch (error) {
      // The question is ours: what a server says to it speaks of the connection.
      const problem = problemIn(classify(error, { ...this.#context, stage: 'login' }))
      return { ok: false, problem, latencyMs: performance.now() - started }
    }
  }

  async close({ timeoutMs = closeTimeoutMs }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(timeoutMs)
    await this.#closed
  }

  setGate(refuse: (() => Error) | undefined): void {
    if (this.#closed) return
    if (!refuse) return this.#breaker.close()
    this.#breaker.open(refuse)
    this.#breaker.refuseWaiting(refuse)
  }

  setPassword(password: string): void {
    this.#plan.logins.password = password
  }

  get loginProblem(): Problem | undefined {
    return this.#dialer.refusal && problemOf(this.#dialer.refusal)
  }

  async tryLogin(timeoutMs: number): Promise<void> {
    const connection = await this.#dialer.dial(timeoutMs).catch(() => undefined)
    if (connection) this.#connections.drop(connection)
  }

  isBusy(): boolean {
    return this.#used > this.#pool.lent
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
    const { pool } = this.#client
    // One that is asked whether it is alive is with nobody yet.
    return pool ? pool.numUsed() - pool.numPendingValidations() : 0
  }

  /** The pool beside the breaker: the server is asked while everybody else is refused. */
  #poolPort(): PoolPort {
    const { max } = this.#plan.pool
    const { passage } = this.#breaker
    return {
      lent: 0,
      hasRoom: () => {
        const { pool } = this.#client
        if (!pool || pool.numPendingAcquires() > 0) return false
        return pool.numFree() > 0 || pool.numUsed() + pool.numPendingCreates() < max
      },
      // The bound of the question is its own: a new connection may take longer than a place in the queue.
      acquire: async () => {
        for (;;) {
          try {
            return await passage.acquireConnection()
          } catch (error) {
            if (!(error instanceof this.#makeKnex.KnexTimeoutError) || this.#closed) throw error
          }
        }
      },
      release: (connection) => void passage.releaseConnection(connection),
    }
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
      guardDriver: dialect.guardDriver,
    })
    return this.#makeKnex({
      client: client as unknown as typeof Knex.Client,
      connection: driverSettings,
      pool,
      log: logToKnex(log, this.#plan.redact),
      asyncStackTraces: false,
      // A statement that failed is named without its values.
      compileSqlOnError: false,
    })
  }

  /** Where a connection is to blame, the others are asked before they are used again; a refused login says nothing of them. */
  #report(found: ClassifiedError): void {
    if (this.#closed || problemCatalogue[found.code].proves === 'nothing') return
    if (found.kind === 'connection') this.suspectConnections()
    for (const listener of this.#listeners) listener(found)
  }

  /** "The pool is probably full", says knex whenever the wait is over; often the server is away. */
  #explain(error: unknown): ProblemError {
    if (error instanceof ProblemError) return error
    const isTimeout = error instanceof this.#makeKnex.KnexTimeoutError
    if (!isTimeout) return new ProblemError(classify(error, this.#context))
    // That the server works is said only where it was heard while this one waited.
    const { max, acquireTimeoutMillis } = this.#plan.pool
    const isWorking = this.#used >= max && this.#connections.isHeardWithin(acquireTimeoutMillis)
    const code = isWorking ? 'pool-exhausted' : 'connect-timeout'
    return new ProblemError(describe(code, this.#context), { cause: error })
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#breaker.open(() => this.#problem('closed'))
    this.#watch.stop()
    await within(timeoutMs, this.knex.destroy()).catch(() => undefined)
    this.#connections.close(this.#problem('closed'))
  }
}
