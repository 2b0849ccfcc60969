import { problemCatalogue } from '../../problem/catalogue.ts'
import type { Problem } from '../../problem/problem.ts'
import { formatUrl } from '../../url/format-url.ts'
import { Secret } from '../../url/secret.ts'
import { readProbeOptions } from '../check-engine-options.ts'
import type { EngineInfo, ProbeResult } from '../engine.ts'
import { engineDefaults } from '../engine-defaults.ts'
import {
  classify,
  describe,
  problemIn,
  type ClassifiedError,
  type ErrorContext,
} from '../errors/classify-error.ts'
import { printsAs } from '../prints-as.ts'
import type { Redact } from '../errors/server-words.ts'
import type { RawConnection } from '../knex-client.ts'
import type { SupervisedEngine } from '../managed-engine.ts'
import { problemOf, ProblemError } from '../problem-error.ts'
import { Connections } from './connections.ts'
import { Dialer } from './dialer.ts'
import type { Connect } from './host-dialer.ts'
import type { ServerPlan } from './plan-server.ts'
import type { PoolPort } from './pool-port.ts'
import { ServerProbe } from './server-probe.ts'
import { SilenceWatch } from './silence-watch.ts'

/** An engine on a server, whatever pool has its connections: it dials, asks, watches, and says what it finds. */
export abstract class WatchedEngine implements SupervisedEngine {
  protected readonly plan: ServerPlan
  protected readonly connections: Connections = new Connections(() => this.isBusy())
  protected readonly dialer: Dialer
  readonly #port: PoolPort
  readonly #probe: ServerProbe
  readonly #watch: SilenceWatch
  readonly #listeners: ((found: ClassifiedError) => void)[] = []
  #version: string | undefined
  #moveProblem: Problem | undefined
  #closed: Promise<void> | undefined

  static {
    printsAs(WatchedEngine.prototype, 'Engine', ({ info }) => info)
  }

  constructor(plan: ServerPlan) {
    this.plan = plan
    const connect: Connect = (settings) => this.connect(settings)
    this.dialer = new Dialer(connect, plan, this.connections, (why) => this.#move(why))
    this.#port = {
      lent: 0,
      hasRoom: () => this.hasRoom(),
      acquire: () => this.acquire(),
      release: (connection) => this.release(connection),
    }
    this.#probe = new ServerProbe(this.dialer, this.connections, this.#port)
    this.#watch = new SilenceWatch(plan.dialect, this.connections, this.dialer, this.#port, {
      onLost: (connection) => this.connections.drop(connection, this.problem('connection-lost')),
      onDead: (host, error) => {
        this.connections.dropHost(host, this.problem('connection-lost'))
        this.report(classify(error, this.context))
      },
    })
  }

  /** Makes a connection with these settings, through the driver. */
  protected abstract connect(settings: Readonly<Record<string, unknown>>): Promise<RawConnection>
  /** How many connections the pool has handed out, whoever has them. */
  protected abstract readonly used: number
  /** Whether a connection is at rest, or another one may be made, and nobody waits for one. */
  protected abstract hasRoom(): boolean
  /** A connection of the pool for the watch, which is served while everybody else is refused. */
  protected abstract acquire(): Promise<RawConnection>
  protected abstract release(connection: RawConnection): void
  /** Refuses whoever comes, and lets what is in flight end within the bound in milliseconds. */
  protected abstract end(timeoutMs: number): Promise<void>
  abstract setGate(refuse: (() => Error) | undefined): void

  get redact(): Redact {
    return this.plan.redact
  }

  get info(): EngineInfo {
    const base = {
      dialect: this.plan.target.dialect,
      driver: this.plan.dialect.driver,
      target: formatUrl(this.plan.target),
    }
    const { host, hostNumber } = this.dialer
    return this.#version === undefined
      ? base
      : { ...base, host: host.host, ...(hostNumber && { hostNumber }), serverVersion: this.#version }
  }

  /** Whether it takes writes is what the server says of itself, so `write` makes no difference: nothing is written. */
  async probe(options: { readonly timeoutMs?: number; readonly write?: boolean } = {}): Promise<ProbeResult> {
    const { timeoutMs } = readProbeOptions(options)
    const started = performance.now()
    if (this.isClosed) return { ok: false, problem: problemOf(this.problem('closed')), latencyMs: 0 }
    try {
      const { readOnly, version } = await this.#probe.ask(timeoutMs)
      this.#version = version
      return { ok: true, latencyMs: performance.now() - started, readOnly }
    } catch (error) {
      // The question is ours: what a server says to it speaks of the connection.
      const problem = problemIn(classify(error, { ...this.context, stage: 'login' }))
      return { ok: false, problem, latencyMs: performance.now() - started }
    }
  }

  async close({
    timeoutMs = engineDefaults.closeTimeoutMs,
  }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(timeoutMs)
    await this.#closed
  }

  setLogin({ user, password }: { readonly user: string | undefined; readonly password: string }): void {
    const { logins } = this.plan
    logins.user = user
    logins.password = new Secret(password)
  }

  get loginProblem(): Problem | undefined {
    return this.dialer.refusal && problemOf(this.dialer.refusal)
  }

  get moveProblem(): Problem | undefined {
    return this.#moveProblem
  }

  async tryLogin(timeoutMs: number): Promise<void> {
    const connection = await this.dialer.dial(timeoutMs).catch(() => undefined)
    if (connection) this.connections.drop(connection)
  }

  isBusy(): boolean {
    return this.used > this.#port.lent
  }

  setAway(isAway: boolean): void {
    this.dialer.isAway = isAway
    if (!isAway) this.connections.dropUnfinished(this.problem('connection-lost'))
  }

  dropConnections(): void {
    this.connections.dropAll(this.problem('connection-lost'))
  }

  suspectConnections(): void {
    this.connections.suspectAll()
  }

  onTrouble(listener: (found: ClassifiedError) => void): void {
    this.#listeners.push(listener)
  }

  protected get isClosed(): boolean {
    return this.#closed !== undefined
  }

  protected get context(): ErrorContext {
    return this.plan.contextOf(this.dialer.host)
  }

  protected problem(code: 'closed' | 'connection-lost'): ProblemError {
    return new ProblemError(describe(code, this.context))
  }

  #move(why: ProblemError): void {
    this.#moveProblem = problemOf(why)
    this.report(classify(why, this.context))
  }

  /** Where a connection is to blame, the others are asked before they are used again; a refused login says nothing of them. */
  protected report(found: ClassifiedError): void {
    if (this.isClosed || problemCatalogue[found.code].proves === 'nothing') return
    if (found.kind === 'connection') this.suspectConnections()
    for (const listener of this.#listeners) listener(found)
  }

  /** Tells of a statement that failed, where it speaks of its connection, or of its login, as after a password has expired. */
  protected reportStatement(error: unknown): void {
    const found = classify(error, { ...this.context, stage: 'statement' })
    if (found.kind === 'connection' || found.reason === 'auth') this.report(found)
  }

  /**
   * A wait for a connection that was over is a full pool only where nobody waits for the server, or it was heard while this one waited:
   * else it is the server that is away.
   */
  protected explainTimeout(error: unknown): ProblemError {
    const { max, acquireTimeoutMillis } = this.plan.pool
    const isFull =
      this.used >= max && (!this.#isAnyWaiting() || this.connections.isHeardWithin(acquireTimeoutMillis))
    const code = isFull ? 'pool-exhausted' : 'connect-timeout'
    return new ProblemError(describe(code, this.context), { cause: error })
  }

  /** Whether a statement waits for its answer on any of the connections. */
  #isAnyWaiting(): boolean {
    return [...this.connections.all].some(({ connection }) => this.plan.dialect.isWaiting(connection))
  }

  /** Watches over statements while there are connections. */
  protected watchSilence(isOn: boolean): void {
    if (isOn && !this.isClosed) this.#watch.start()
    else this.#watch.stop()
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#watch.stop()
    await this.end(timeoutMs)
    this.connections.close(this.problem('closed'))
  }
}
