import type { Knex } from 'knex'
import { engineDefaults } from '../engine/engine-defaults.ts'
import { harmless } from '../engine/log.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { printsAs } from '../engine/prints-as.ts'
import { Deadline } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import type { PromoteOptions, PromoteReport } from '../promote/report.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { decideConfig } from '../resolve/resolve-database-config.ts'
import { aFunction } from '../url/option-checks.ts'
import { ActiveEngine } from './active-engine.ts'
import { announceChange, announceFallback, announceStandIn } from './announce.ts'
import { attempt } from './attempt.ts'
import { Boot } from './boot.ts'
import type {
  Database,
  DatabaseSessionOptions,
  OpenOptions,
  SettledOptions,
  Pin,
  StateChange,
} from './database.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import { checkBoundOptions, checkConnectOptions } from './check-call-options.ts'
import { checkOpenOptions } from './check-open-options.ts'
import { Engines } from './engines.ts'
import { createHandle } from './handle.ts'
import type { HealthReport } from './health.ts'
import { healthOf, measureHealth } from './health-report.ts'
import { Leases } from './leases.ts'
import { noFindings, type Arrival } from './outcome.ts'
import { renewPassword, watchLogin } from './login.ts'
import { checkPromoteOptions } from './check-promote-options.ts'
import type { ReturnPlan } from './return-to-primary.ts'
import type { ConnectionState } from './state.ts'
import { runSession } from './session.ts'
import { StateMachine } from './state-machine.ts'
import { takeUp } from './take-up.ts'
import { WayBack } from './way-back.ts'

/** The one implementation of {@link Database}. */
export class SupervisedDatabase implements Database {
  readonly #options: SettledOptions
  readonly #machine = new StateMachine()
  readonly #leases = new Leases()
  readonly #engines = new Engines()
  readonly #handle = createHandle(() => this.#engine().knex)
  readonly #boot: Boot<Arrival>
  readonly #wayBack: WayBack
  #active: ActiveEngine | undefined
  #closing: Promise<void> | undefined

  static {
    printsAs(SupervisedDatabase.prototype, 'Database', ({ state }) => state)
  }

  constructor(options: OpenOptions) {
    checkOpenOptions(options)
    const log = options.log && harmless(options.log)
    this.#options = { ...options, env: { ...(options.env ?? process.env) }, ...(log && { log }) }
    this.#boot = this.#makeBoot()
    this.#wayBack = new WayBack(this.#machine, log, () => this.#returnPlan())
    this.#machine.onChange((change) => announceChange(log, change, this.state))
  }

  get config(): DatabaseConfig {
    return this.#boot.config
  }

  get state(): ConnectionState {
    return this.#machine.state
  }

  get knex(): Knex {
    return this.#handle.knex
  }

  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<ConnectionState> {
    checkConnectOptions(options)
    this.#boot.hurry()
    this.#active?.hurry()
    await this.#begin(options.signal)
    return this.state
  }

  async ready(): Promise<Knex> {
    await this.#begin()
    return this.#usableEngine().knex
  }

  async pin(): Promise<Pin> {
    // Each request comes by here: where there is nothing to wait for, no turn is waited.
    const beginning = this.#begin()
    if (beginning) await beginning
    const taken = this.#leases.take()
    const release = typeof taken === 'function' ? taken : await taken
    try {
      return { knex: this.#usableEngine().knex, release }
    } catch (error) {
      release()
      throw error
    }
  }

  async transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    aFunction('work', work)
    return await this.session((trx) => work(trx as Knex.Transaction), { transaction: true })
  }

  session<T>(work: (knex: Knex) => Promise<T>, options: DatabaseSessionOptions<T> = {}): Promise<T> {
    return runSession(() => this.pin(), work, options)
  }

  health(): HealthReport {
    return healthOf(this.state)
  }

  async check(options: { readonly timeoutMs?: number } = {}): Promise<HealthReport> {
    checkBoundOptions(options)
    const active = this.#active
    return await measureHealth(active && (() => active.verify()), () => this.state, options.timeoutMs)
  }

  async returnToPrimary(): Promise<ConnectionState> {
    await this.#wayBack.goByHand()
    return this.state
  }

  async promote(options: PromoteOptions = {}): Promise<PromoteReport> {
    checkPromoteOptions(options)
    await this.#begin()
    return await this.#wayBack.promote(options)
  }

  onStateChange(listener: (change: StateChange) => void): () => void {
    aFunction('listener', listener)
    return this.#machine.onChange(listener)
  }

  async close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    checkBoundOptions(options)
    this.#closing ??= this.#close(options.timeoutMs ?? engineDefaults.closeTimeoutMs)
    await this.#closing
  }

  /** What JSON says of it: the state. */
  toJSON(): ConnectionState {
    return this.state
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #makeBoot(): Boot<Arrival> {
    const options = this.#options
    const engines = this.#engines
    return new Boot(options, this.#machine, {
      decide: () => options.config ?? decideConfig(options),
      attempt: (config, bounds) => attempt({ ...bounds, config, options, engines }),
      arrive: (arrival) => this.#arrive(arrival),
    })
  }

  /** Makes the first attempt, and waits for the one under way. A server that refuses is not asked again for each query. */
  #begin(signal?: AbortSignal): Promise<void> | undefined {
    if (this.#machine.isIn('idle')) this.#boot.start()
    return this.#machine.isIn('connecting') ? this.#boot.wait(signal) : undefined
  }

  #engine(): ManagedEngine {
    if (this.#active && this.#machine.isIn('connected', 'fallback', 'reconnecting'))
      return this.#active.engine
    throw new DatabaseUnavailableError(this.state)
  }

  #usableEngine(): ManagedEngine {
    if (this.#machine.isIn('reconnecting')) throw new DatabaseUnavailableError(this.state)
    return this.#engine()
  }

  #arrive(arrival: Arrival): void {
    const active = this.#activate(arrival)
    this.#machine.arrive(active.describe())
    if (this.state.status === 'fallback') announceFallback(this.#options.log, this.state)
  }

  /** Puts an engine in use. Watched before the change is told: a listener may close the database, and so end the watch. */
  #activate(arrival: Arrival): ActiveEngine {
    this.#active = new ActiveEngine(this.#machine, arrival, {
      renew: (engine, found) => renewPassword(engine, found, this.#options),
      watch: () => watchLogin(this.#options),
      onCleanReturn: () => {
        if (this.#options.returnToPrimary !== 'manual') void this.#wayBack.go('when clean')
      },
      takeUp: (active) => this.#takeUp(active),
      onLearn: (before) => announceStandIn(this.#options.log, before, this.state),
    })
    this.#handle.follow(arrival.engine.knex)
    this.#active.watch()
    return this.#active
  }

  /** The file in use was exchanged for another one, while nobody can use it. */
  async #takeUp(active: ActiveEngine): Promise<Problem | undefined> {
    const { stay } = this.#machine
    const { config } = this
    const outcome = await takeUp({ config, options: this.#options, engines: this.#engines, active })
    // Closed meanwhile, and its engines with it.
    if (!this.#machine.isStill(stay)) return undefined
    if (outcome.status === 'unavailable') return outcome.problem
    active.stop()
    this.#machine.recover(this.#activate(outcome).describe(), true)
    return undefined
  }

  #returnPlan(): ReturnPlan | undefined {
    const active = this.#active
    const standIn = active?.standIn
    if (!standIn || !this.#machine.isIn('fallback')) return undefined
    return {
      machine: this.#machine,
      leases: this.#leases,
      engines: this.#engines,
      options: this.#options,
      config: this.config,
      active,
      standIn,
      take: (engine, reason) => this.#takePrimary(engine, reason),
    }
  }

  #takePrimary(engine: ManagedEngine, reason: string): void {
    const { info } = engine
    this.#activate({ status: 'connected', engine, readOnly: false, findings: noFindings })
    this.#machine.returnToPrimary({ status: 'connected', engine: info, readOnly: false }, reason)
  }

  /** What is in flight may end until the deadline. What is left is rolled back, whoever holds it. */
  async #close(timeoutMs: number): Promise<void> {
    const deadline = new Deadline(timeoutMs)
    this.#machine.close()
    this.#active?.stop()
    await this.#boot.stop(deadline.leftMs)
    await this.#leases.whenFree(deadline.leftMs)
    await this.#engines.closeAll(deadline.leftMs)
    this.#machine.end()
  }
}
