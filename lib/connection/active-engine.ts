import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import type { Problem } from '../problem/problem.ts'
import { Breaker } from './breaker.ts'
import type { Outcome } from './outcome.ts'
import { PrimaryWatcher } from './primary-watch.ts'
import type { PrimaryWatch } from './state.ts'
import type { NextState, StateMachine } from './state-machine.ts'

/** Looks whether a password that was refused has changed where it came from. */
export type RenewPassword = (engine: ManagedEngine, found: Problem) => void

type Active = Exclude<Outcome, { status: 'unavailable' }>

/** The engine in use, and what watches it. */
export class ActiveEngine {
  readonly engine: ManagedEngine
  /** The engine of the configured database, while the fallback is in use. */
  readonly primary: ManagedEngine | undefined
  readonly #machine: StateMachine
  readonly #renewPassword: RenewPassword
  readonly #outcome: Active
  #breaker: Breaker | undefined
  #watcher: PrimaryWatcher | undefined
  #primaryWatch: PrimaryWatch | null
  #readOnly: boolean

  constructor(machine: StateMachine, outcome: Active, renewPassword: RenewPassword) {
    this.#machine = machine
    this.#renewPassword = renewPassword
    this.#outcome = outcome
    this.engine = outcome.engine
    this.primary = outcome.status === 'fallback' ? outcome.primary : undefined
    this.#readOnly = outcome.status === 'connected' && outcome.readOnly
    this.#primaryWatch =
      outcome.status === 'fallback' && outcome.primary
        ? { reachable: false, checkedAt: Date.now(), problem: outcome.problem }
        : null
  }

  /** The state while this engine is in use and answers. */
  describe(): NextState {
    const outcome = this.#outcome
    const engine = this.engine.info
    if (outcome.status === 'connected') return { status: 'connected', engine, readOnly: this.#readOnly }
    const { reason, problem, location } = outcome
    return { status: 'fallback', engine, reason, problem, location, primary: this.#primaryWatch }
  }

  /** Begins to watch the engine, and the configured database beside it. */
  watch(): void {
    const resume = (readOnly: boolean): NextState => {
      this.#readOnly = readOnly
      return this.describe()
    }
    const renew = (found: Problem): void => this.#renewPassword(this.engine, found)
    this.#breaker = new Breaker(this.#machine, this.engine, resume, renew)
    if (this.primary) this.#watcher = new PrimaryWatcher(this.primary, (seen) => this.#see(seen))
  }

  /** Asks the engine now. */
  async verify(timeoutMs?: number): Promise<void> {
    await this.#breaker?.verify(timeoutMs)
  }

  /** Stops watching; the engine itself stays open. */
  stop(): void {
    this.#breaker?.stop()
    this.#watcher?.stop()
  }

  /** Waits, bounded, until no statement and no transaction runs on the engine. */
  async isFree(timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs
    while (this.engine.isBusy() && performance.now() < deadline) await sleep(5)
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

  /** Closes everything. */
  async close(): Promise<void> {
    await Promise.all([this.engine.close(), this.primary?.close()])
  }

  #see(seen: PrimaryWatch): void {
    this.#primaryWatch = seen
    if (this.primary && seen.problem) this.#renewPassword(this.primary, seen.problem)
    if (this.#machine.isIn('fallback')) this.#machine.refine(this.describe())
  }
}
