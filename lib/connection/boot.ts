import { describeCause } from '../engine/errors/describe-cause.ts'
import { backoffMs, Deadline, settleBy } from '../engine/time.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import { problem, type Problem } from '../problem/problem.ts'
import { appendFindings, withoutWarning } from '../resolve/explain.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { formatUrl } from '../url/format-url.ts'
import type { SettledOptions } from './database.ts'
import { noFindings, type Findings, type Unavailable } from './outcome.ts'
import { Pace } from './pace.ts'
import { isRefusedLogin, watchLogin } from './login.ts'
import type { StateMachine, Stay } from './state-machine.ts'
import { Wait } from './wait.ts'

const defaultDeadlineMs = 10_000
/** How long a file may be locked by others, within what is left of the boot deadline, in milliseconds. */
const lockPatienceMs = { least: 100, most: 5000 }
/** The first and the longest wait before another attempt at a database that is away, in milliseconds. */
const awayMs = { first: 500, cap: 5000 }

/** An attempt that came to an engine. */
export interface Arrived {
  readonly status: 'connected' | 'fallback'
  readonly findings: Findings
}

/** What an attempt is told. */
export interface AttemptBounds {
  /** When a server must have answered; what follows it still needs a moment. */
  readonly deadline: Deadline
  /** How long a file may be locked by others, in milliseconds, as things stand now. */
  readonly lockPatienceMs: () => number
  /** Told of each failure that is tried again within the attempt. */
  readonly onRetry: (lastProblem: Problem) => void
}

/** What boots. */
export interface BootWork<Arrival extends Arrived> {
  /** Decides which database it is to be, from the options and their environment. */
  decide(): DatabaseConfig
  attempt(config: DatabaseConfig, bounds: AttemptBounds): Promise<Arrival | Unavailable>
  /** Told of the engine that an attempt came to. */
  arrive(arrival: Arrival): void
}

/** Makes attempts, one at a time, until one comes to an engine or trying again cannot help. */
export class Boot<Arrival extends Arrived> {
  readonly #options: SettledOptions
  readonly #machine: StateMachine
  readonly #work: BootWork<Arrival>
  readonly #deadlineMs: number
  readonly #pace = new Pace((failures) => backoffMs(failures, awayMs.first, awayMs.cap))
  readonly #wait = new Wait()
  #decided: DatabaseConfig | undefined
  #config: DatabaseConfig | undefined
  #attempting: Promise<void> = Promise.resolve()
  #deadline = new Deadline(0)

  constructor(options: SettledOptions, machine: StateMachine, work: BootWork<Arrival>) {
    this.#options = options
    this.#machine = machine
    this.#work = work
    this.#deadlineMs = options.bootDeadlineMs ?? defaultDeadlineMs
  }

  /** What was decided from the environment, and what the last attempt has found out. */
  get config(): DatabaseConfig {
    this.#decided ??= this.#work.decide()
    this.#config ??= this.#decided
    return this.#config
  }

  /** Begins an attempt. A password that was refused may have changed where it came from. */
  start(number: number = 1, lastProblem?: Problem): void {
    if (lastProblem && isRefusedLogin(lastProblem)) this.#decided = this.#config = undefined
    this.#deadline = new Deadline(this.#deadlineMs)
    const stay = this.#machine.begin(this.#describe(number, lastProblem))
    if (this.#machine.isStill(stay)) this.#attempting = this.#attempt(number, stay)
  }

  /** Makes the next attempt now, if one is waited for. */
  hurry(): void {
    this.#wait.hurry()
  }

  /** Waits for the attempt under way, until its deadline or the signal. */
  async wait(signal?: AbortSignal): Promise<void> {
    await settleBy(this.#attempting, this.#deadline.leftMs, signal)
  }

  /** Makes no further attempt, and waits, bounded, for the one under way. */
  async stop(timeoutMs: number): Promise<void> {
    this.#wait.clear()
    await settleBy(this.#attempting, timeoutMs)
  }

  #describe(attempt: number, lastProblem?: Problem): Parameters<StateMachine['begin']>[0] {
    return { attempt, target: targetOf(this.config), ...(lastProblem && { lastProblem }) }
  }

  async #attempt(number: number, stay: Stay): Promise<void> {
    const bounds = {
      deadline: new Deadline(this.#deadline.leftMs - reserveOf(this.#deadlineMs)),
      lockPatienceMs: () => this.#lockPatienceMs(),
      onRetry: (lastProblem: Problem) => {
        if (!this.#machine.isStill(stay)) return
        this.#machine.learn({ status: 'connecting', ...this.#describe(number, lastProblem) })
      },
    }
    const outcome = await this.#work
      .attempt(this.config, bounds)
      .catch((error: unknown) => this.#reportUnexpected(error))
    // Closed meanwhile, and its engines with it.
    if (!this.#machine.isStill(stay)) return
    this.#config = appendFindings(withoutGuess(this.#decided as DatabaseConfig, outcome), outcome.findings)
    if (outcome.status === 'unavailable') this.#giveUp(outcome, number)
    else this.#work.arrive(outcome)
  }

  #giveUp({ problem: found, isFinal }: Unavailable, number: number): void {
    const { waitMs, isOver } = this.#pace.after(found, () => watchLogin(this.#options))
    // Before the change: a listener may close the database, and so end this wait.
    if (!isFinal) this.#wait.set(waitMs, () => this.start(number + 1, found), isOver)
    const { reason } = problemCatalogue[found.code]
    const nextAttemptAt = isFinal ? null : Date.now() + waitMs
    this.#machine.giveUp({ reason, problem: found, attempt: number, nextAttemptAt })
  }

  #lockPatienceMs(): number {
    const leftMs = this.#deadline.leftMs - lockPatienceMs.least
    return Math.min(lockPatienceMs.most, Math.max(lockPatienceMs.least, leftMs))
  }

  #reportUnexpected(error: unknown): Unavailable {
    this.#options.log?.({ level: 'error', event: 'unexpected', message: describeCause(error).message })
    const found = problem('unknown-error', { target: 'The database' }, { cause: describeCause(error) })
    return { status: 'unavailable', problem: found, isFinal: false, findings: noFindings }
  }
}

/** Whether a file holds rows is known once it is open, and a host that answers is no mistake. */
function withoutGuess(config: DatabaseConfig, { status }: Arrived | Unavailable): DatabaseConfig {
  if (status === 'fallback') return withoutWarning(config, 'fallback-has-data')
  return status === 'connected' ? withoutWarning(config, 'localhost-in-container') : config
}

function targetOf(config: DatabaseConfig): string {
  return config.kind === 'unresolved' ? 'none' : formatUrl(config.target)
}

/** What of the deadline is kept for the fallback. */
function reserveOf(deadlineMs: number): number {
  return Math.min(500, deadlineMs / 5)
}
