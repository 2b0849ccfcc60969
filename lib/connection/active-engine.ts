import type { ManagedEngine } from '../engine/managed-engine.ts'
import type { StandIn } from '../engine/sqlite/stand-in.ts'
import type { StandInState } from '../engine/sqlite/stand-in-state.ts'
import type { Problem } from '../problem/problem.ts'
import type { LoginWatch } from './login.ts'
import { Monitor } from './monitor.ts'
import type { Arrival } from './outcome.ts'
import { PrimaryWatcher } from './primary-watch.ts'
import type { ConnectionState, PrimaryWatch } from './state.ts'
import type { InUse, StateMachine } from './state-machine.ts'

/** How long it may take to look at a file, in milliseconds. */
const lookTimeoutMs = 1000

/** What an engine in use tells of. */
export interface ActiveEvents extends LoginSource {
  /** The configured database takes writes again, and nothing was written to the fallback. */
  onCleanReturn(): void
  /** The file in use was exchanged for another one: it is taken up, or what keeps it from that is returned. */
  takeUp(active: ActiveEngine): Promise<Problem | undefined>
  /** More is known of the fallback, or of the configured database beside it. */
  onLearn(before: ConnectionState): void
}

/** What is known of the login of the configured database. */
export interface LoginSource {
  /** Looks whether a password that was refused has changed where it came from. */
  renew(engine: ManagedEngine, found: Problem): void
  /** Returns what tells whether what a login is made of has changed since. */
  watch(): LoginWatch
}

/** The engine in use, what is known of it, and who watches it. */
export class ActiveEngine {
  readonly engine: ManagedEngine
  /** How the engine came into use. */
  readonly arrival: Arrival
  /** The engine of the configured database, while the fallback is in use. */
  readonly primary: ManagedEngine | undefined
  /** What is known of the fallback, while it is in use. */
  readonly standIn: StandIn | undefined
  readonly #machine: StateMachine
  readonly #events: ActiveEvents
  #monitor: Monitor | undefined
  #watcher: PrimaryWatcher | undefined
  #primaryWatch: PrimaryWatch | null
  #readOnly: boolean
  #isStopped = false

  constructor(machine: StateMachine, arrival: Arrival, events: ActiveEvents) {
    this.#machine = machine
    this.#events = events
    this.arrival = arrival
    this.engine = arrival.engine
    this.primary = arrival.status === 'fallback' ? arrival.primary : undefined
    this.standIn = arrival.status === 'fallback' ? arrival.standIn : undefined
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
  describe(problem: Problem | undefined = this.engine.loginProblem): InUse {
    const arrival = this.arrival
    const { info: engine, keeper } = this.engine
    const readOnly = this.#readOnly || keeper?.refusal !== undefined
    const replica = keeper && { replica: keeper.state }
    if (arrival.status === 'connected')
      return { status: 'connected', engine, readOnly, ...(problem && { problem }), ...replica }
    const { reason, location } = arrival
    return {
      status: 'fallback',
      engine,
      reason,
      problem: problem ?? arrival.problem,
      location,
      primary: this.#primaryWatch,
      standIn: arrival.standIn.state,
      readOnly,
      ...replica,
    }
  }

  /** Begins to watch the engine, and the configured database beside it. */
  watch(): void {
    const { engine, primary } = this
    this.#monitor = new Monitor(this.#machine, engine, {
      onAnswer: (readOnly, problem) => {
        this.#readOnly = readOnly
        return this.describe(problem)
      },
      beforeRetry: (found) => this.#events.renew(engine, found),
      watchLogin: () => this.#events.watch(),
      takeUp: () => this.#events.takeUp(this),
    })
    engine.keeper?.onChange(() => this.#learn())
    if (this.arrival.status !== 'fallback') return
    this.standIn?.onWrite(() => void this.#look())
    if (!primary) return
    this.#watcher = new PrimaryWatcher(primary, this.arrival.problem, {
      beforeRetry: (found) => this.#events.renew(primary, found),
      onAnswer: (seen, takesWrites) => void this.#see(seen, takesWrites),
      watchLogin: () => this.#events.watch(),
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
    this.#isStopped = true
    this.#monitor?.stop()
    this.#watcher?.stop()
  }

  /** Watches no more, and lets nobody write to the fallback: who waits for it goes on with the engine that takes over. */
  retire(successor: ManagedEngine): void {
    this.stop()
    if (this.arrival.status === 'fallback') this.arrival.engine.retire(successor.knex)
  }

  async #see(seen: PrimaryWatch, takesWrites: boolean): Promise<void> {
    this.#primaryWatch = seen
    const standIn = await this.#look()
    if (takesWrites && standIn?.clean) this.#events.onCleanReturn()
  }

  #learn(): void {
    if (this.#isStopped || !this.#machine.isIn(this.arrival.status)) return
    this.#machine.learn(this.describe())
  }

  /** Looks what was written to the fallback, and says so. */
  async #look(): Promise<StandInState | undefined> {
    // A file that is away is looked at when it is back.
    await this.standIn?.look(lookTimeoutMs).catch(() => undefined)
    if (this.#isStopped || !this.#machine.isIn('fallback')) return undefined
    const before = this.#machine.state
    this.#machine.learn(this.describe())
    this.#events.onLearn(before)
    return this.standIn?.state
  }
}
