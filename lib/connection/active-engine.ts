import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { Deadline } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import { Monitor } from './monitor.ts'
import type { Arrival } from './outcome.ts'
import { PrimaryWatcher } from './primary-watch.ts'
import type { PrimaryWatch } from './state.ts'
import type { InUse, StateMachine } from './state-machine.ts'

/** Looks whether a password that was refused has changed where it came from. */
export type RenewPassword = (engine: ManagedEngine, found: Problem) => void

/** The engine in use, what is known of it, and who watches it. */
export class ActiveEngine {
  readonly engine: ManagedEngine
  /** The engine of the configured database, while the fallback is in use. */
  readonly primary: ManagedEngine | undefined
  readonly #machine: StateMachine
  readonly #renewPassword: RenewPassword
  readonly #arrival: Arrival
  #monitor: Monitor | undefined
  #watcher: PrimaryWatcher | undefined
  #primaryWatch: PrimaryWatch | null
  #readOnly: boolean

  constructor(machine: StateMachine, arrival: Arrival, renewPassword: RenewPassword) {
    this.#machine = machine
    this.#renewPassword = renewPassword
    this.#arrival = arrival
    this.engine = arrival.engine
    this.primary = arrival.status === 'fallback' ? arrival.primary : undefined
    this.#readOnly = arrival.status === 'connected' && arrival.readOnly
    this.#primaryWatch =
      arrival.status === 'fallback' && arrival.primary
        ? { reachable: false, checkedAt: Date.now(), problem: arrival.problem }
        : null
  }

  /** The state while this engine is in use and answers. */
  describe(): InUse {
    const arrival = this.#arrival
    const engine = this.engine.info
    if (arrival.status === 'connected') return { status: 'connected', engine, readOnly: this.#readOnly }
    const { reason, problem, location } = arrival
    return { status: 'fallback', engine, reason, problem, location, primary: this.#primaryWatch }
  }

  /** Begins to watch the engine, and the configured database beside it. */
  watch(): void {
    const { engine, primary } = this
    this.#monitor = new Monitor(this.#machine, engine, {
      onAnswer: (readOnly) => {
        this.#readOnly = readOnly
        return this.describe()
      },
      onFailure: (found) => this.#renewPassword(engine, found),
    })
    if (primary) this.#watcher = new PrimaryWatcher(primary, (seen) => this.#see(primary, seen))
  }

  /** Asks the engine now. */
  async verify(timeoutMs?: number): Promise<void> {
    await this.#monitor?.verify(timeoutMs)
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

  #see(primary: ManagedEngine, seen: PrimaryWatch): void {
    this.#primaryWatch = seen
    if (seen.problem) this.#renewPassword(primary, seen.problem)
    if (this.#machine.isIn('fallback')) this.#machine.learn(this.describe())
  }
}
