import type { ProbeResult } from '../engine/engine.ts'
import type { SupervisedEngine } from '../engine/managed-engine.ts'
import { backoffMs } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import type { LoginWatch } from './login.ts'
import { isRejected, Pace } from './pace.ts'
import { Wait } from './wait.ts'

/** The first and the longest wait after a question that failed, in milliseconds. */
const retryMs = { first: 100, cap: 500 }
/**
 * How soon another question follows one that has no answer yet, in milliseconds: what was sent while nothing came through is sent again
 * by the network after seconds.
 */
const askAgainMs = 300
/** So many good answers in a row end an outage. */
const goodAnswers = 3
const betweenGoodMs = 20

/** What is told of an outage. */
export interface OutageEvents {
  readonly ask: () => Promise<ProbeResult>
  /** The database answers again. */
  readonly onEnd: (readOnly: boolean) => void
  /** A question failed: how often so far, and how long the next one is away, in milliseconds. */
  readonly onFailure: (problem: Problem, failures: number, waitMs: number) => void
  /** What failed in this way is about to be tried again. */
  readonly beforeRetry: (problem: Problem) => void
  /** Begins to watch what a login is made of. */
  readonly watchLogin: () => LoginWatch
  /** Takes up what is in the place of the database; says what keeps it from that. Nothing is left to ask for then. */
  readonly takeUp?: (() => Promise<Problem | undefined>) | undefined
}

/**
 * Asks a database that is away until it is back. A question that is lost on its way is not waited for: others follow it, and the first good
 * answer counts.
 */
export class Outage {
  readonly #engine: SupervisedEngine
  readonly #events: OutageEvents
  readonly #wait = new Wait()
  readonly #pace = new Pace((failures) => backoffMs(failures, retryMs.first, retryMs.cap))
  #failures = 0
  #asked = 0
  /** What was asked up to here needs no answer any more. */
  #passed = 0

  constructor(engine: SupervisedEngine, events: OutageEvents) {
    this.#engine = engine
    this.#events = events
  }

  /** Begins with what was wrong. Returns how long the first question is away, in milliseconds. */
  begin(problem: Problem): number {
    this.#engine.setAway(true)
    return this.#schedule(problem)
  }

  /** Asks now. */
  hurry(): void {
    this.#wait.hurry()
  }

  /** Stops asking. */
  stop(): void {
    this.#wait.clear()
    this.#passed = Infinity
  }

  #schedule(problem: Problem): number {
    const { waitMs, isOver } = this.#pace.after(problem, this.#events.watchLogin)
    this.#wait.set(waitMs, () => void this.#ask(problem), isOver)
    return waitMs
  }

  async #ask(problem: Problem): Promise<void> {
    const number = ++this.#asked
    this.#events.beforeRetry(problem)
    this.#wait.set(askAgainMs, () => void this.#ask(problem))
    const first = await this.#events.ask()
    if (number <= this.#passed) return
    if (!first.ok && number < this.#asked && this.#isPassing(first.problem))
      return this.#events.onFailure(first.problem, ++this.#failures, askAgainMs)
    this.#wait.clear()
    this.#passed = this.#asked
    const answer = first.ok ? await this.#confirm(first) : first
    if (this.#passed === Infinity) return
    if (answer.ok) return this.#events.onEnd(answer.readOnly)
    await this.#fail(answer.problem)
  }

  /** Whether the questions that follow may find something else. */
  #isPassing(problem: Problem): boolean {
    return !isRejected(problem) && !this.#engine.hasSuccessor?.()
  }

  /** One good answer does not end an outage: those that follow come over the program's own connections. */
  async #confirm(first: ProbeResult): Promise<ProbeResult> {
    this.#engine.setAway(false)
    let answer = first
    for (let good = 1; answer.ok && good < goodAnswers && this.#passed !== Infinity; good++) {
      await new Promise((resolve) => setTimeout(resolve, betweenGoodMs))
      answer = await this.#events.ask()
    }
    return answer
  }

  async #fail(problem: Problem): Promise<void> {
    this.#engine.setAway(true)
    const found = this.#engine.hasSuccessor?.() ? await this.#events.takeUp?.() : problem
    if (found === undefined || this.#passed === Infinity) return
    const waitMs = this.#schedule(found)
    this.#events.onFailure(found, ++this.#failures, waitMs)
  }
}
