import type { ClassifiedError } from '../engine/errors/classify-error.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'
import { announceTrouble } from './announce.ts'
import { backoffMs } from './backoff.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import type { NextState, StateMachine } from './state-machine.ts'
import { Timer } from './timer.ts'

/** How often a database in use is asked whether it is there, and whether it takes writes again, in milliseconds. */
const heartbeatMs = { usual: 5000, readOnly: 1000 }
/** The first and the longest wait between two probes of a database that is away. */
const retryMs = { first: 100, cap: 500 }
/** So many good probes in a row end an outage. */
const goodProbes = 3
const betweenGoodProbesMs = 20
/** A heartbeat without an answer for so long counts as failed. */
const probeTimeoutMs = 5000

/** Watches the engine in use. When it fails, everybody is refused at once until it is back. */
export class Breaker {
  readonly #machine: StateMachine
  readonly #engine: ManagedEngine
  readonly #resume: (readOnly: boolean) => NextState
  readonly #onFailure: (problem: Problem) => void
  readonly #timer = new Timer()
  #hostNumber: number | undefined
  #suspicion: Problem | undefined
  #verifying: Promise<void> | undefined
  #isSuspected = false
  #isStopped = false

  /**
   * @param resume - the state to go back to once the engine answers again.
   * @param onFailure - told of each failed probe, before the next one.
   */
  constructor(
    machine: StateMachine,
    engine: ManagedEngine,
    resume: (readOnly: boolean) => NextState,
    onFailure: (problem: Problem) => void,
  ) {
    this.#machine = machine
    this.#engine = engine
    this.#resume = resume
    this.#onFailure = onFailure
    this.#hostNumber = engine.info.hostNumber
    engine.onTrouble((found) => this.#suspect(found))
    this.#scheduleHeartbeat(false)
  }

  /** Stops watching. */
  stop(): void {
    this.#isStopped = true
    this.#timer.clear()
  }

  /** Asks the engine now, and draws the conclusion. Calls at the same time share one answer. */
  async verify(timeoutMs: number = probeTimeoutMs): Promise<void> {
    this.#verifying ??= this.#verify(timeoutMs).finally(() => (this.#verifying = undefined))
    await this.#verifying
  }

  #scheduleHeartbeat(readOnly: boolean): void {
    const waitMs = readOnly ? heartbeatMs.readOnly : heartbeatMs.usual
    if (!this.#isStopped) this.#timer.set(waitMs, () => void this.verify())
  }

  /** One failed statement proves nothing; a probe does. Connections that rested with it are asked before they are used again. */
  #suspect(found: ClassifiedError): void {
    announceTrouble(found, this.#engine.info)
    if (problemCatalogue[found.code].proves === 'nothing') return
    this.#engine.suspectConnections()
    const { code, message, hint } = found
    this.#suspicion = { code, message, hint }
    this.#isSuspected = true
    void this.verify()
  }

  async #verify(timeoutMs: number): Promise<void> {
    if (!this.#isWatching()) return
    this.#isSuspected = false
    const answer = await this.#engine.probe({ timeoutMs, write: true })
    if (!this.#isWatching()) return
    if (!answer.ok) return this.#trip(answer.problem)
    // What went wrong while the probe was on its way may not be in its answer.
    if (this.#isSuspected) return await this.#verify(timeoutMs)
    if (this.#hasMoved()) return this.#follow(answer.readOnly)
    this.#machine.refine(this.#resume(answer.readOnly))
    this.#scheduleHeartbeat(answer.readOnly)
  }

  #isWatching(): boolean {
    return !this.#isStopped && this.#machine.isIn('connected', 'fallback')
  }

  #hasMoved(): boolean {
    return this.#engine.info.hostNumber !== this.#hostNumber
  }

  /** Another host of a cluster has taken over, and has answered: who holds on to the one before is told, and nobody is refused. */
  #follow(readOnly: boolean): void {
    // A move comes with its cause, which was a suspicion.
    const problem = this.#suspicion as Problem
    this.#machine.enter(this.#reconnecting(problem, 1, 0), { reason: problem.code })
    this.#recover(readOnly)
  }

  #trip(problem: Problem): void {
    this.#engine.setGate(() => new DatabaseUnavailableError(this.#machine.state))
    this.#engine.dropConnections()
    // Before the change: who hears of it may close the database, and with it this wait.
    this.#timer.set(retryMs.first, () => void this.#retry(1))
    this.#machine.enter(this.#reconnecting(problem, 1, retryMs.first), { reason: problem.code })
  }

  #reconnecting(problem: Problem, attempt: number, waitMs: number): NextState {
    return {
      status: 'reconnecting',
      engine: this.#engine.info,
      problem,
      attempt,
      nextAttemptAt: Date.now() + waitMs,
    }
  }

  async #retry(attempt: number): Promise<void> {
    const answer = await this.#probeRepeatedly()
    if (this.#isStopped || !this.#machine.isIn('reconnecting')) return
    if (answer.ok) return this.#recover(answer.readOnly)
    this.#onFailure(answer.problem)
    const waitMs = backoffMs(attempt + 1, retryMs.first, retryMs.cap)
    this.#machine.refine(this.#reconnecting(answer.problem, attempt + 1, waitMs))
    this.#timer.set(waitMs, () => void this.#retry(attempt + 1))
  }

  async #probeRepeatedly(): ReturnType<ManagedEngine['probe']> {
    let answer = await this.#engine.probe({ timeoutMs: probeTimeoutMs, write: true })
    for (let good = 1; answer.ok && good < goodProbes && !this.#isStopped; good++) {
      await new Promise((resolve) => setTimeout(resolve, betweenGoodProbesMs))
      answer = await this.#engine.probe({ timeoutMs: probeTimeoutMs, write: true })
    }
    return answer
  }

  #recover(readOnly: boolean): void {
    const newEngine = this.#hasMoved()
    this.#hostNumber = this.#engine.info.hostNumber
    this.#engine.setGate(undefined)
    this.#machine.enter(this.#resume(readOnly), { newEngine })
    this.#scheduleHeartbeat(readOnly)
  }
}
