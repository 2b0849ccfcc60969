import type { ClassifiedError } from '../engine/errors/classify-error.ts'
import type { SupervisedEngine } from '../engine/managed-engine.ts'
import { backoffMs, Timer } from '../engine/time.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'
import { announceTrouble } from './announce.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import type { LoginWatch } from './login.ts'
import { Outage } from './outage.ts'
import { Pace } from './pace.ts'
import type { InUse, StateMachine, Stay } from './state-machine.ts'
import { Wait } from './wait.ts'

/** How often a database in use is asked whether it is there, and whether it takes writes again, in milliseconds. */
const heartbeatMs = { usual: 5000, readOnly: 1000 }
/** A heartbeat without an answer for so long counts as failed. */
const probeTimeoutMs = 5000
/** How long after a new login failed the next one is tried, where the server is away, in milliseconds. */
const loginAwayMs = (failures: number): number => backoffMs(failures, 500, 5000)

/** What a monitor tells of. */
export interface MonitorEvents {
  /** The database answered: the state that this means. */
  readonly onAnswer: (readOnly: boolean, problem?: Problem) => InUse
  /** What failed in this way is about to be tried again. */
  readonly beforeRetry: (problem: Problem) => void
  /** Begins to watch what a login is made of. */
  readonly watchLogin: () => LoginWatch
  /** Takes up the file that is in the place of the one that is open; says what keeps it from that. Another monitor goes on then. */
  readonly takeUp?: () => Promise<Problem | undefined>
}

/** Asks the engine in use, and reports to the state when it is away and when it is back. Meanwhile everybody is refused at once. */
export class Monitor {
  readonly #machine: StateMachine
  readonly #engine: SupervisedEngine
  readonly #events: MonitorEvents
  readonly #heartbeat = new Timer()
  readonly #loginWait = new Wait()
  #outage: Outage | undefined
  #loginPace = new Pace(loginAwayMs)
  #hostNumber: number | undefined
  #verifying: Promise<void> | undefined
  #isSuspected = false
  #isStopped = false

  constructor(machine: StateMachine, engine: SupervisedEngine, events: MonitorEvents) {
    this.#machine = machine
    this.#engine = engine
    this.#events = events
    this.#hostNumber = engine.info.hostNumber
    engine.onTrouble((found) => this.#suspect(found))
    this.#scheduleHeartbeat(false)
  }

  /** Stops asking. */
  stop(): void {
    this.#isStopped = true
    for (const wait of [this.#heartbeat, this.#loginWait]) wait.clear()
    this.#outage?.stop()
  }

  /** Asks the engine now, and draws the conclusion. Calls at the same time share one answer. */
  async verify(): Promise<void> {
    this.#verifying ??= this.#verify().finally(() => (this.#verifying = undefined))
    await this.#verifying
  }

  /** Asks a database that is away now, and tries now whether new logins work. */
  hurry(): void {
    this.#outage?.hurry()
    this.#loginWait.hurry()
  }

  #scheduleHeartbeat(readOnly: boolean): void {
    const waitMs = readOnly ? heartbeatMs.readOnly : heartbeatMs.usual
    if (!this.#isStopped) this.#heartbeat.set(waitMs, () => void this.verify())
  }

  /** One failed statement proves nothing; a probe does. Connections that rested with it are asked before they are used again. */
  #suspect(found: ClassifiedError): void {
    announceTrouble(found, this.#engine.info)
    if (problemCatalogue[found.code].proves === 'nothing') return
    if (found.kind === 'connection') this.#engine.suspectConnections()
    this.#isSuspected = true
    void this.verify()
  }

  async #verify(): Promise<void> {
    const { stay } = this.#machine
    if (this.#isStopped || !this.#machine.isIn('connected', 'fallback')) return
    this.#isSuspected = false
    const answer = await this.#ask()
    if (this.#isOver(stay)) return
    if (!answer.ok) return this.#lose(answer.problem)
    // What went wrong while the probe was on its way may not be in its answer.
    if (this.#isSuspected) return await this.#verify()
    if (this.#hasMoved()) return this.#follow(answer.readOnly)
    this.#machine.learn(this.#events.onAnswer(answer.readOnly, this.#engine.loginProblem))
    this.#scheduleHeartbeat(answer.readOnly)
    this.#watchLogin()
  }

  /** Old connections are no witnesses of new ones: where new logins fail, they are tried until one succeeds. */
  #watchLogin(): void {
    const problem = this.#engine.loginProblem
    if (!problem) {
      this.#loginWait.clear()
      this.#loginPace = new Pace(loginAwayMs)
      return
    }
    if (this.#loginWait.isSet) return
    const { waitMs, isOver } = this.#loginPace.after(problem, this.#events.watchLogin)
    this.#loginWait.set(waitMs, () => void this.#tryLogin(problem), isOver)
  }

  async #tryLogin(problem: Problem): Promise<void> {
    const { stay } = this.#machine
    this.#events.beforeRetry(problem)
    await this.#engine.tryLogin(probeTimeoutMs)
    if (!this.#isOver(stay)) await this.verify()
  }

  #isOver(stay: Stay): boolean {
    return this.#isStopped || !this.#machine.isStill(stay)
  }

  #hasMoved(): boolean {
    return this.#engine.info.hostNumber !== this.#hostNumber
  }

  /** Another host of a cluster has taken over, and has answered: who holds on to the one before is told, and nobody is refused. */
  #follow(readOnly: boolean): void {
    const problem = this.#engine.moveProblem as Problem
    this.#recover(readOnly, this.#machine.lose(this.#describeOutage(problem, 1, 0)))
  }

  #lose(problem: Problem): void {
    this.#heartbeat.clear()
    this.#loginWait.clear()
    const { beforeRetry, watchLogin, takeUp } = this.#events
    this.#outage = new Outage(this.#engine, {
      ask: () => this.#ask(),
      onEnd: (readOnly) => this.#recover(readOnly, this.#machine.stay),
      onFailure: (found, failures, waitMs) =>
        this.#machine.learn({ status: 'reconnecting', ...this.#describeOutage(found, failures + 1, waitMs) }),
      beforeRetry,
      watchLogin,
      takeUp,
    })
    // Before the change: a listener may close the database, and so end this wait.
    const waitMs = this.#outage.begin(problem)
    this.#machine.lose(this.#describeOutage(problem, 1, waitMs))
    // After the change: whoever waits is told what is so now.
    this.#engine.setGate(() => new DatabaseUnavailableError(this.#machine.state))
    this.#engine.dropConnections()
  }

  #describeOutage(problem: Problem, attempt: number, waitMs: number): Parameters<StateMachine['lose']>[0] {
    return { engine: this.#engine.info, problem, attempt, nextAttemptAt: Date.now() + waitMs }
  }

  async #ask(): ReturnType<SupervisedEngine['probe']> {
    return await this.#engine.probe({ timeoutMs: probeTimeoutMs, write: true })
  }

  /** @param outage - a listener may have closed the database when it began. */
  #recover(readOnly: boolean, outage: Stay): void {
    if (!this.#machine.isStill(outage)) return
    const newEngine = this.#hasMoved()
    this.#hostNumber = this.#engine.info.hostNumber
    this.#outage = undefined
    this.#engine.setGate(undefined)
    this.#machine.recover(this.#events.onAnswer(readOnly), newEngine)
    this.#scheduleHeartbeat(readOnly)
  }
}
