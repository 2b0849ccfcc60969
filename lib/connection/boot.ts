import { describeCause } from '../engine/errors/describe-cause.ts'
import { problem, type Problem } from '../problem/problem.ts'
import { appendTrace } from '../resolve/explain.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { decideConfig } from '../resolve/resolve-database-config.ts'
import { formatUrl } from '../url/format-url.ts'
import { attempt } from './attempt.ts'
import { backoffMs } from './backoff.ts'
import type { SettledOptions } from './database.ts'
import { openFallbackEngine } from './fallback-engine.ts'
import type { Outcome } from './outcome.ts'
import { openPrimaryEngine } from './primary-engine.ts'
import { isRefusedLogin } from './renew-password.ts'
import { settleBy } from './settle-by.ts'
import type { StateMachine } from './state-machine.ts'
import { Timer } from './timer.ts'

const defaultDeadlineMs = 10_000
/** How long a file may be locked by others, within what is left of the boot deadline, in milliseconds. */
const lockPatienceMs = { least: 100, most: 5000 }
/** The first and the longest wait before another attempt, in milliseconds. */
const retryMs = { first: 500, cap: 5000 }

/** An attempt that came to an engine. */
export type Arrival = Exclude<Outcome, { status: 'unavailable' }>

/** Makes attempts, one at a time, until one comes to an engine or trying again cannot help. */
export class Boot {
  readonly #options: SettledOptions
  readonly #machine: StateMachine
  readonly #arrive: (arrival: Arrival) => void
  readonly #deadlineMs: number
  readonly #retryTimer = new Timer()
  #config: DatabaseConfig | undefined
  #attempting: Promise<void> = Promise.resolve()
  #deadline = 0

  /** @param arrive - told of the engine that an attempt came to. */
  constructor(options: SettledOptions, machine: StateMachine, arrive: (arrival: Arrival) => void) {
    this.#options = options
    this.#machine = machine
    this.#arrive = arrive
    this.#deadlineMs = options.bootDeadlineMs ?? defaultDeadlineMs
  }

  /** What was decided from the environment, and what attempts have found out since. */
  get config(): DatabaseConfig {
    this.#config ??= this.#options.config ?? decideConfig(this.#options)
    return this.#config
  }

  /** Begins an attempt. A password that was refused may have changed where it came from. */
  start(number: number = 1, lastProblem?: Problem): void {
    if (lastProblem && isRefusedLogin(lastProblem)) this.#config = undefined
    this.#deadline = performance.now() + this.#deadlineMs
    this.#enterConnecting(number, lastProblem)
    this.#attempting = this.#attempt(number)
  }

  /** Waits for the attempt under way, until its deadline or the signal. */
  async wait(signal?: AbortSignal): Promise<void> {
    await settleBy(this.#attempting, this.#deadline - performance.now(), signal)
  }

  /** Makes no further attempt, and waits, bounded, for the one under way. */
  async stop(timeoutMs: number): Promise<void> {
    this.#retryTimer.clear()
    await settleBy(this.#attempting, timeoutMs)
  }

  #enterConnecting(number: number, lastProblem?: Problem): void {
    const next = { status: 'connecting', attempt: number, target: targetOf(this.config) } as const
    const state = lastProblem === undefined ? next : { ...next, lastProblem }
    if (this.#machine.isIn('connecting')) this.#machine.refine(state)
    else this.#machine.enter(state)
  }

  async #attempt(number: number): Promise<void> {
    const outcome = await attempt({
      config: this.config,
      openPrimary: (config) => openPrimaryEngine(config, this.#options),
      openFallback: () => openFallbackEngine(this.#options, this.#lockPatienceMs()),
      prepare: this.#options.prepare,
      deadline: this.#deadline - reserveOf(this.#deadlineMs),
      onRetry: (lastProblem) => this.#enterConnecting(number, lastProblem),
    }).catch((error: unknown) => this.#reportUnexpected(error))
    if (!this.#machine.isIn('connecting')) return await closeAll(outcome)
    if ('trace' in outcome) this.#config = appendTrace(this.config, outcome.trace)
    if (outcome.status === 'unavailable') this.#giveUp(outcome, number)
    else this.#arrive(outcome)
  }

  #giveUp(
    { reason, problem: found, retryable }: Extract<Outcome, { status: 'unavailable' }>,
    number: number,
  ): void {
    const waitMs = backoffMs(number, retryMs.first, retryMs.cap)
    const nextAttemptAt = retryable ? Date.now() + waitMs : null
    // Before the change: who hears of it may close the database, and with it this wait.
    if (retryable) this.#retryTimer.set(waitMs, () => this.start(number + 1, found))
    this.#machine.enter(
      { status: 'unavailable', reason, problem: found, attempt: number, nextAttemptAt },
      { reason: found.code },
    )
  }

  #lockPatienceMs(): number {
    const leftMs = this.#deadline - performance.now() - lockPatienceMs.least
    return Math.min(lockPatienceMs.most, Math.max(lockPatienceMs.least, leftMs))
  }

  #reportUnexpected(error: unknown): Outcome {
    this.#options.log?.({ level: 'error', event: 'unexpected', message: describeCause(error).message })
    const found = problem('unknown-error', { target: 'The database' })
    return { status: 'unavailable', reason: 'unreachable', problem: found, retryable: true, trace: [] }
  }
}

function targetOf(config: DatabaseConfig): string {
  return config.kind === 'unresolved' ? 'none' : formatUrl(config.target)
}

/** What of the deadline is kept for the fallback. */
function reserveOf(deadlineMs: number): number {
  return Math.min(500, deadlineMs / 5)
}

/** The database was closed meanwhile. */
async function closeAll(outcome: Outcome): Promise<void> {
  if (outcome.status === 'unavailable') return
  await outcome.engine.close()
  if (outcome.status === 'fallback') await outcome.primary?.close()
}
