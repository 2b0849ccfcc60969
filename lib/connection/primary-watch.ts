import type { ManagedEngine } from '../engine/managed-engine.ts'
import { backoffMs } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import type { LoginWatch } from './login.ts'
import { Pace, type NextTry } from './pace.ts'
import type { PrimaryWatch } from './state.ts'
import { Wait } from './wait.ts'

/** A primary that is away is asked every second for a minute, then at growing times, in milliseconds. */
const awayMs = { often: 1000, cap: 30_000 }
const oftenTimes = 60
const probeTimeoutMs = 5000

/** What a watcher tells of. */
export interface WatcherEvents {
  /** A primary that failed in this way is about to be asked again. */
  readonly beforeRetry: (problem: Problem) => void
  /** The primary was asked. */
  readonly onAnswer: (watch: PrimaryWatch, takesWrites: boolean) => void
  /** Begins to watch what a login is made of. */
  readonly watchLogin: () => LoginWatch
}

/** Asks the configured database from time to time, while the fallback is in use, whether it is there. */
export class PrimaryWatcher {
  readonly #engine: ManagedEngine
  readonly #events: WatcherEvents
  readonly #wait = new Wait()
  readonly #pace = new Pace((failures) =>
    failures <= oftenTimes ? awayMs.often : backoffMs(failures - oftenTimes + 1, awayMs.often, awayMs.cap),
  )
  #isStopped = false

  /** @param found - why it is not in use. */
  constructor(engine: ManagedEngine, found: Problem, events: WatcherEvents) {
    this.#engine = engine
    this.#events = events
    this.#schedule(found)
  }

  /** Asks now. */
  hurry(): void {
    this.#wait.hurry()
  }

  /** Stops asking. */
  stop(): void {
    this.#isStopped = true
    this.#wait.clear()
  }

  /** @param found - what was wrong; one that answers and is not in use is asked as one that is away. */
  #schedule(found?: Problem): void {
    const answered: NextTry = { waitMs: awayMs.often }
    const { waitMs, isOver } = found ? this.#pace.after(found, this.#events.watchLogin) : answered
    this.#wait.set(waitMs, () => void this.#ask(found), isOver)
  }

  async #ask(before?: Problem): Promise<void> {
    if (before) this.#events.beforeRetry(before)
    const answer = await this.#engine.probe({ timeoutMs: probeTimeoutMs, write: true })
    if (this.#isStopped) return
    const checkedAt = Date.now()
    const found = answer.ok ? undefined : answer.problem
    const watch = { reachable: answer.ok, checkedAt, ...(found && { problem: found }) }
    this.#events.onAnswer(watch, answer.ok && !answer.readOnly)
    if (!this.#isStopped) this.#schedule(found)
  }
}
