import type { ManagedEngine } from '../engine/managed-engine.ts'
import { backoffMs, Timer } from '../engine/time.ts'
import type { PrimaryWatch } from './state.ts'

const waitMs = { first: 1000, cap: 30_000 }
const probeTimeoutMs = 5000

/** Asks the configured database from time to time, while the fallback is in use, whether it is there. */
export class PrimaryWatcher {
  readonly #engine: ManagedEngine
  readonly #report: (watch: PrimaryWatch) => void
  readonly #timer = new Timer()
  #isStopped = false

  /** @param report - told after each probe. */
  constructor(engine: ManagedEngine, report: (watch: PrimaryWatch) => void) {
    this.#engine = engine
    this.#report = report
    this.#schedule(1)
  }

  /** Stops asking. */
  stop(): void {
    this.#isStopped = true
    this.#timer.clear()
  }

  #schedule(attempt: number): void {
    this.#timer.set(backoffMs(attempt, waitMs.first, waitMs.cap), () => void this.#ask(attempt))
  }

  async #ask(attempt: number): Promise<void> {
    const answer = await this.#engine.probe({ timeoutMs: probeTimeoutMs, write: true })
    if (this.#isStopped) return
    const checkedAt = Date.now()
    this.#report(
      answer.ok ? { reachable: true, checkedAt } : { reachable: false, checkedAt, problem: answer.problem },
    )
    this.#schedule(attempt + 1)
  }
}
