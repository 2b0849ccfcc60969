import type { Knex } from 'knex'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { printsAs } from '../engine/prints-as.ts'
import type { Problem } from '../problem/problem.ts'
import type { PromoteOptions, PromoteReport } from '../promote/report.ts'
import { decideConfig } from '../resolve/resolve-database-config.ts'
import { aFunction } from '../url/option-checks.ts'
import { ActiveEngine } from './active-engine.ts'
import { announceFallback, announceStandIn } from './announce.ts'
import { attempt } from './attempt.ts'
import type { Database, DatabaseSessionOptions, OpenOptions, SettledOptions, Pin } from './database.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import { checkOpenOptions } from './check-open-options.ts'
import { createHandle } from './handle.ts'
import { Leases } from './leases.ts'
import { noFindings, type Arrival } from './outcome.ts'
import { renewLogin, watchLogin } from './login.ts'
import { checkPromoteOptions } from './check-promote-options.ts'
import type { ReturnPlan } from './return-to-primary.ts'
import type { ConnectionState } from './state.ts'
import { runSession } from './session.ts'
import { Supervised } from './supervised.ts'
import { Supervision } from './supervision.ts'
import { takeUp } from './take-up.ts'
import { WayBack } from './way-back.ts'

/** The one implementation of {@link Database}. */
export class SupervisedDatabase extends Supervised<Arrival> implements Database {
  readonly #life: Supervision<Arrival>
  readonly #leases = new Leases()
  readonly #handle = createHandle(() => this.#engine().knex)
  readonly #wayBack: WayBack
  #active: ActiveEngine | undefined

  static {
    printsAs(SupervisedDatabase.prototype, 'Database', ({ state }) => state)
  }

  constructor(options: OpenOptions) {
    checkOpenOptions(options)
    const life: Supervision<Arrival> = new Supervision(options, {
      decide: () => life.options.config ?? decideConfig(life.options),
      attempt: (config, bounds) =>
        attempt({ ...bounds, config, options: life.options, engines: life.engines }),
      arrive: (arrival) => this.#arrive(arrival),
      watch: () => this.#active,
      stop: () => this.#active?.stop(),
      drain: (deadline) => this.#leases.whenFree(deadline.leftMs),
    })
    super(life)
    this.#life = life
    this.#wayBack = new WayBack(life.machine, life.options.log, () => this.#returnPlan())
  }

  get knex(): Knex {
    return this.#handle.knex
  }

  get #options(): SettledOptions {
    return this.#life.options
  }

  async ready(): Promise<Knex> {
    await this.#life.begin()
    return this.#usableEngine().knex
  }

  async pin(): Promise<Pin> {
    // Each request comes by here: where there is nothing to wait for, no turn is waited.
    const beginning = this.#life.begin()
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

  async returnToPrimary(): Promise<ConnectionState> {
    await this.#wayBack.goByHand()
    return this.state
  }

  async promote(options: PromoteOptions = {}): Promise<PromoteReport> {
    checkPromoteOptions(options)
    await this.#life.begin()
    return await this.#wayBack.promote(options)
  }

  #engine(): ManagedEngine {
    if (this.#active && this.#life.machine.isIn('connected', 'fallback', 'reconnecting'))
      return this.#active.engine
    throw new DatabaseUnavailableError(this.state)
  }

  #usableEngine(): ManagedEngine {
    if (this.#life.machine.isIn('reconnecting')) throw new DatabaseUnavailableError(this.state)
    return this.#engine()
  }

  #arrive(arrival: Arrival): void {
    const active = this.#activate(arrival)
    this.#life.machine.arrive(active.describe())
    if (this.state.status === 'fallback') announceFallback(this.#options.log, this.state)
  }

  /** Puts an engine in use. Watched before the change is told: a listener may close the database, and so end the watch. */
  #activate(arrival: Arrival): ActiveEngine {
    this.#active = new ActiveEngine(this.#life.machine, arrival, {
      renew: (engine, found) => renewLogin(engine, found, this.#options),
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
    const { machine, engines, options } = this.#life
    const { stay } = machine
    const outcome = await takeUp({ config: this.config, options, engines, active })
    // Closed meanwhile, and its engines with it.
    if (!machine.isStill(stay)) return undefined
    if (outcome.status === 'unavailable') return outcome.problem
    active.stop()
    machine.recover(this.#activate(outcome).describe(), true)
    return undefined
  }

  #returnPlan(): ReturnPlan | undefined {
    const { machine, engines, options } = this.#life
    const active = this.#active
    const standIn = active?.standIn
    if (!standIn || !machine.isIn('fallback')) return undefined
    return {
      machine,
      leases: this.#leases,
      engines,
      options,
      config: this.config,
      active,
      standIn,
      take: (engine, reason) => this.#takePrimary(engine, reason),
    }
  }

  #takePrimary(engine: ManagedEngine, reason: string): void {
    const { info } = engine
    this.#activate({ status: 'connected', engine, readOnly: false, findings: noFindings })
    this.#life.machine.returnToPrimary({ status: 'connected', engine: info, readOnly: false }, reason)
  }
}
