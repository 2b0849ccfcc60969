import type { Knex } from 'knex'
import { harmless } from '../engine/log.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { Deadline } from '../engine/time.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { ActiveEngine } from './active-engine.ts'
import { announceChange, announceFallback } from './announce.ts'
import { Boot } from './boot.ts'
import type { Database, OpenOptions, SettledOptions, Pin, StateChange } from './database.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import { checkOpenOptions } from './check-open-options.ts'
import { Engines } from './engines.ts'
import { createHandle } from './handle.ts'
import type { HealthReport } from './health.ts'
import { healthOf } from './health-report.ts'
import { Leases } from './leases.ts'
import type { Arrival } from './outcome.ts'
import { renewPassword } from './renew-password.ts'
import { readyPrimary } from './return-to-primary.ts'
import type { ConnectionState } from './state.ts'
import { StateMachine, type Stay } from './state-machine.ts'

/** How long work in flight may take, in milliseconds. */
const drainTimeoutMs = 5000

/** The one implementation of {@link Database}. */
export class SupervisedDatabase implements Database {
  readonly #options: SettledOptions
  readonly #machine = new StateMachine()
  readonly #leases = new Leases()
  readonly #engines = new Engines()
  readonly #handle = createHandle(() => this.#engine().knex)
  readonly #boot: Boot
  #active: ActiveEngine | undefined
  #returning: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(options: OpenOptions) {
    checkOpenOptions(options)
    const log = options.log && harmless(options.log)
    this.#options = { ...options, env: { ...(options.env ?? process.env) }, ...(log && { log }) }
    this.#boot = new Boot(this.#options, this.#machine, this.#engines, (arrival) => this.#arrive(arrival))
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
    if (this.#machine.isIn('idle')) this.#boot.start()
    if (this.#machine.isIn('connecting')) await this.#boot.wait(options.signal)
    return this.state
  }

  async ready(): Promise<Knex> {
    await this.connect()
    return this.#usableEngine().knex
  }

  async pin(): Promise<Pin> {
    await this.connect()
    const release = await this.#leases.take()
    try {
      return { knex: this.#usableEngine().knex, release }
    } catch (error) {
      release()
      throw error
    }
  }

  async transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    const { knex, release } = await this.pin()
    try {
      return await knex.transaction(work)
    } finally {
      release()
    }
  }

  health(): HealthReport {
    return healthOf(this.state)
  }

  async check(options: { readonly timeoutMs?: number } = {}): Promise<HealthReport> {
    const started = performance.now()
    await this.#active?.verify(options.timeoutMs)
    const observedValue = Math.round(performance.now() - started)
    const report = this.health()
    const time = new Date().toISOString()
    return healthOf(this.state, {
      componentType: 'datastore',
      status: report.status,
      time,
      observedValue,
      observedUnit: 'ms',
    })
  }

  async returnToPrimary(): Promise<ConnectionState> {
    if (this.#machine.isIn('fallback')) {
      this.#returning ??= this.#return().finally(() => (this.#returning = undefined))
      await this.#returning
    }
    return this.state
  }

  onStateChange(listener: (change: StateChange) => void): () => void {
    return this.#machine.onChange(listener)
  }

  async close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? drainTimeoutMs)
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
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
    this.#active = new ActiveEngine(this.#machine, arrival, (engine, found) =>
      renewPassword(engine, found, this.#options),
    )
    this.#handle.follow(arrival.engine.knex)
    this.#active.watch()
    return this.#active
  }

  async #return(): Promise<void> {
    const { config } = this
    const { stay } = this.#machine
    const active = this.#active
    if (!active || config.kind !== 'primary') return
    const ready = await readyPrimary(active.primary, config, this.#options, this.#engines)
    if (!ready.ok) return this.#stay(ready.problem.message)
    const isSwitched = await this.#leases
      .exclusively(drainTimeoutMs, () => this.#switch(active, stay, ready.engine))
      .catch(() => false)
    if (isSwitched) return await this.#engines.close(active.engine)
    if (!active.primary) await this.#engines.close(ready.engine)
    this.#stay('Work on the fallback did not end in time.')
  }

  #stay(why: string): void {
    this.#options.log?.({
      level: 'warn',
      event: 'return',
      message: `The database stays on its fallback. ${why}`,
    })
  }

  /** Nobody is on the fallback any more; its rows stay in its file. */
  async #switch(active: ActiveEngine, stay: Stay, engine: ManagedEngine): Promise<boolean> {
    if (!(await active.isFree(drainTimeoutMs)) || !this.#machine.isStill(stay)) return false
    const tables = await active.countTablesWithRows()
    if (!this.#machine.isStill(stay)) return false
    active.stop()
    const { info } = engine
    this.#activate({ status: 'connected', engine, readOnly: false })
    this.#machine.returnToPrimary(
      { status: 'connected', engine: info, readOnly: false },
      `returned to the primary; ${describeTables(tables)}`,
    )
    return true
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

function describeTables(count: number): string {
  return count === 1 ? '1 table of the fallback holds rows' : `${count} tables of the fallback hold rows`
}
