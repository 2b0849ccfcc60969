import type { ClassifiedError } from '../engine/errors/classify-error.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { backoffMs, Timer } from '../engine/time.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'
import { announceTrouble } from './announce.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import type { InUse, StateMachine, Stay } from './state-machine.ts'

/** How often a database in use is asked whether it is there, and whether it takes writes again, in milliseconds. */
const heartbeatMs = { usual: 5000, readOnly: 1000 }
/** The first and the longest wait between two probes of a database that is away. */
const retryMs = { first: 100, cap: 500 }
/** So many good probes in a row end an outage. */
const goodProbes = 3
const betweenGoodProbesMs = 20
/** A heartbeat without an answer for so long counts as failed. */
const probeTimeoutMs = 5000

/** What a monitor tells of. */
export interface MonitorEvents {
  /** The database answered: the state that this means. */
  readonly onAnswer: (readOnly: boolean) => InUse
  /** A probe of a database that is away failed. */
  readonly onFailure: (problem: Problem) => void
}

/** Asks the engine in use, and reports to the state when it is away and when it is back. Meanwhile everybody is refused at once. */
export class Monitor {
  readonly #machine: StateMachine
  readonly #engine: ManagedEngine
  readonly #events: MonitorEvents
  readonly #timer = new Timer()
  #hostNumber: number | undefined
  #suspicion: Problem | undefined
  #verifying: Promise<void> | undefined
  #isSuspected = false
  #isStopped = false

  constructor(machine: StateMachine, engine: ManagedEngine, events: MonitorEvents) {
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
    const { stay } = this.#machine
    if (this.#isStopped || !this.#machine.isIn('connected', 'fallback')) return
    this.#isSuspected = false
    const answer = await this.#engine.probe({ timeoutMs, write: true })
    if (this.#isOver(stay)) return
    if (!answer.ok) return this.#lose(answer.problem)
    // What went wrong while the probe was on its way may not be in its answer.
    if (this.#isSuspected) return await this.#verify(timeoutMs)
    if (this.#hasMoved()) return this.#follow(answer.readOnly)
    this.#machine.learn(this.#events.onAnswer(answer.readOnly))
    this.#scheduleHeartbeat(answer.readOnly)
  }

  #isOver(stay: Stay): boolean {
    return this.#isStopped || !this.#machine.isStill(stay)
  }

  #hasMoved(): boolean {
    return this.#engine.info.hostNumber !== this.#hostNumber
  }

  /** Another host of a cluster has taken over, and has answered: who holds on to the one before is told, and nobody is refused. */
  #follow(readOnly: boolean): void {
    // A move comes with its cause, which was a suspicion.
    const problem = this.#suspicion as Problem
    this.#recover(readOnly, this.#machine.lose(this.#describeOutage(problem, 1, 0)))
  }

  #lose(problem: Problem): void {
    this.#engine.setGate(() => new DatabaseUnavailableError(this.#machine.state))
    this.#engine.dropConnections()
    // Before the change: a listener may close the database, and so end this wait.
    this.#timer.set(retryMs.first, () => void this.#retry(1))
    this.#machine.lose(this.#describeOutage(problem, 1, retryMs.first))
  }

  #describeOutage(problem: Problem, attempt: number, waitMs: number): Parameters<StateMachine['lose']>[0] {
    return { engine: this.#engine.info, problem, attempt, nextAttemptAt: Date.now() + waitMs }
  }

  async #retry(attempt: number): Promise<void> {
    const { stay } = this.#machine
    const answer = await this.#probeRepeatedly(stay)
    if (this.#isOver(stay)) return
    if (answer.ok) return this.#recover(answer.readOnly, stay)
    this.#events.onFailure(answer.problem)
    const waitMs = backoffMs(attempt + 1, retryMs.first, retryMs.cap)
    this.#machine.learn({
      status: 'reconnecting',
      ...this.#describeOutage(answer.problem, attempt + 1, waitMs),
    })
    this.#timer.set(waitMs, () => void this.#retry(attempt + 1))
  }

  async #probeRepeatedly(stay: Stay): ReturnType<ManagedEngine['probe']> {
    let answer = await this.#engine.probe({ timeoutMs: probeTimeoutMs, write: true })
    for (let good = 1; answer.ok && good < goodProbes && !this.#isOver(stay); good++) {
      await new Promise((resolve) => setTimeout(resolve, betweenGoodProbesMs))
      answer = await this.#engine.probe({ timeoutMs: probeTimeoutMs, write: true })
    }
    return answer
  }

  /** @param outage - a listener may have closed the database when it began. */
  #recover(readOnly: boolean, outage: Stay): void {
    if (!this.#machine.isStill(outage)) return
    const newEngine = this.#hasMoved()
    this.#hostNumber = this.#engine.info.hostNumber
    this.#engine.setGate(undefined)
    this.#machine.recover(this.#events.onAnswer(readOnly), newEngine)
    this.#scheduleHeartbeat(readOnly)
  }
}
