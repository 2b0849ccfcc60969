import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { Deadline } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import { Monitor } from './monitor.ts'
import type { Arrival } from './outcome.ts'
import { PrimaryWatcher } from './primary-watch.ts'
import type { PrimaryWatch } from './state.ts'
import type { InUse, StateMachine } from './state-machine.ts'

/** What is known of the login of the configured database. */
export interface LoginSource {
  /** Looks whether a password that was refused has changed where it came from. */
  renew(engine: ManagedEngine, found: Problem): void
  /** Returns what tells whether what a login is made of has changed since. */
  watch(): () => boolean
}

/** The engine in use, what is known of it, and who watches it. */
export class ActiveEngine {
  readonly engine: ManagedEngine
  /** The engine of the configured database, while the fallback is in use. */
  readonly primary: ManagedEngine | undefined
  readonly #machine: StateMachine
  readonly #login: LoginSource
  readonly #arrival: Arrival
  #monitor: Monitor | undefined
  #watcher: PrimaryWatcher | undefined
  #primaryWatch: PrimaryWatch | null
  #readOnly: boolean

  constructor(machine: StateMachine, arrival: Arrival, login: LoginSource) {
    this.#machine = machine
    this.#login = login
    this.#arrival = arrival
    this.engine = arrival.engine
    this.primary = arrival.status === 'fallback' ? arrival.primary : undefined
    this.#readOnly = arrival.status === 'connected' && arrival.readOnly
    this.#primaryWatch =
      arrival.status === 'fallback' && arrival.primary
        ? { reachable: false, checkedAt: Date.now(), problem: arrival.problem }
        : null
  }

  /**
   * The state while this engine is in use and answers.
   *
   * @param problem - what is wrong beside that.
   */
  describe(problem?: Problem): InUse {
    const arrival = this.#arrival
    const engine = this.engine.info
    if (arrival.status === 'connected')
      return { status: 'connected', engine, readOnly: this.#readOnly, ...(problem && { problem }) }
    const { reason, location } = arrival
    const { problem: cause } = arrival
    return { status: 'fallback', engine, reason, problem: cause, location, primary: this.#primaryWatch }
  }

  /** Begins to watch the engine, and the configured database beside it. */
  watch(): void {
    const { engine, primary } = this
    this.#monitor = new Monitor(this.#machine, engine, {
      onAnswer: (readOnly, problem) => {
        this.#readOnly = readOnly
        return this.describe(problem)
      },
      beforeRetry: (found) => this.#login.renew(engine, found),
      watchLogin: () => this.#login.watch(),
    })
    if (!primary || this.#arrival.status !== 'fallback') return
    this.#watcher = new PrimaryWatcher(primary, this.#arrival.problem, {
      beforeRetry: (found) => this.#login.renew(primary, found),
      onAnswer: (seen) => this.#see(seen),
      watchLogin: () => this.#login.watch(),
    })
  }

  /** Asks the engine now. */
  async verify(): Promise<void> {
    await this.#monitor?.verify()
  }

  /** Asks now what would else be asked later: a database that is away. */
  hurry(): void {
    this.#monitor?.hurry()
    this.#watcher?.hurry()
  }

  /** Stops watching; the engine itself stays open. */
  stop(): void {
    this.#monitor?.stop()
    this.#watcher?.stop()
  }

  /** Waits, bounded, until no statement and no transaction runs on the engine. */
  async isFree(timeoutMs: number): Promise<boolean> {
    const deadline = new Deadline(timeoutMs)
    while (this.engine.isBusy() && deadline.leftMs > 0) await sleep(5)
    return !this.engine.isBusy()
  }

  /** How many tables of the program hold rows. */
  async countTablesWithRows(): Promise<number> {
    const { knex } = this.engine
    const tables = await knex('sqlite_master')
      .where('type', 'table')
      .whereNot('name', 'like', 'sqlite_%')
      .pluck('name')
    const own = (tables as string[]).filter((name) => !name.startsWith('knex_migrations'))
    const rows = await Promise.all(own.map((name) => knex(name).first(knex.raw('1'))))
    return rows.filter(Boolean).length
  }

  #see(seen: PrimaryWatch): void {
    this.#primaryWatch = seen
    if (this.#machine.isIn('fallback')) this.#machine.learn(this.describe())
  }
}
