import type { Knex } from 'knex'
import { describeCause } from '../engine/errors/describe-cause.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { problem, type Problem } from '../problem/problem.ts'
import { appendTrace } from '../resolve/append-trace.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { resolveDatabaseConfig } from '../resolve/resolve-database-config.ts'
import { formatUrl } from '../url/format-url.ts'
import { ActiveEngine } from './active-engine.ts'
import { announceChange, announceFallback } from './announce.ts'
import { attempt } from './attempt.ts'
import { backoffMs } from './backoff.ts'
import type { Database, OpenOptions, Pin, StateChange } from './database.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import { openFallbackEngine } from './fallback-engine.ts'
import { createHandle } from './handle.ts'
import type { HealthReport } from './health.ts'
import { healthOf } from './health-report.ts'
import { Leases } from './leases.ts'
import type { Outcome } from './outcome.ts'
import { openPrimaryEngine } from './primary-engine.ts'
import { isRefusedLogin, renewPassword } from './renew-password.ts'
import { readyPrimary } from './return-to-primary.ts'
import { settleBy } from './settle-by.ts'
import type { ConnectionState } from './state.ts'
import { StateMachine } from './state-machine.ts'
import { Timer } from './timer.ts'

const defaults = { bootDeadlineMs: 10_000, closeTimeoutMs: 5000, switchTimeoutMs: 5000 }
/** How long a file may be locked by others, within what is left of the boot deadline. */
const lockPatienceMs = { least: 100, most: 5000 }
const retryMs = { first: 500, cap: 5000 }

/** The one implementation of {@link Database}. */
export class SupervisedDatabase implements Database {
  readonly #options: OpenOptions
  readonly #machine = new StateMachine()
  readonly #leases = new Leases()
  readonly #retryTimer = new Timer()
  readonly #handle = createHandle(() => this.#engine().knex)
  #config: DatabaseConfig | undefined
  #active: ActiveEngine | undefined
  #attempting: Promise<void> = Promise.resolve()
  #deadline = 0
  #returning: Promise<void> | undefined
  #closing: Promise<void> | undefined

  constructor(options: OpenOptions) {
    this.#options = { ...options, env: { ...(options.env ?? process.env) } }
    this.#machine.onChange((change) => announceChange(options.log, change, this.state))
  }

  get config(): DatabaseConfig {
    this.#config ??= this.#options.config ?? resolveDatabaseConfig(this.#options)
    return this.#config
  }

  get state(): ConnectionState {
    return this.#machine.state
  }

  get knex(): Knex {
    return this.#handle.knex
  }

  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<ConnectionState> {
    if (this.#machine.isIn('idle')) this.#start(1)
    if (this.#machine.isIn('connecting')) {
      await settleBy(this.#attempting, this.#deadline - performance.now(), options.signal)
    }
    return this.state
  }

  async ready(): Promise<Knex> {
    await this.connect()
    return this.#usableEngine().knex
  }

  async pin(): Promise<Pin> {
    await this.connect()
    const release = await this.#leases.take()
    try {
      return { knex: this.#usableEngine().knex, release }
    } catch (error) {
      release()
      throw error
    }
  }

  async transaction<T>(work: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    const { knex, release } = await this.pin()
    try {
      return await knex.transaction(work)
    } finally {
      release()
    }
  }

  health(): HealthReport {
    return healthOf(this.state)
  }

  async check(options: { readonly timeoutMs?: number } = {}): Promise<HealthReport> {
    const started = performance.now()
    await this.#active?.verify(options.timeoutMs)
    const observedValue = Math.round(performance.now() - started)
    const report = this.health()
    const time = new Date().toISOString()
    return healthOf(this.state, {
      componentType: 'datastore',
      status: report.status,
      time,
      observedValue,
      observedUnit: 'ms',
    })
  }

  async returnToPrimary(): Promise<ConnectionState> {
    if (this.#machine.isIn('fallback')) {
      this.#returning ??= this.#return().finally(() => (this.#returning = undefined))
      await this.#returning
    }
    return this.state
  }

  onStateChange(listener: (change: StateChange) => void): () => void {
    return this.#machine.onChange(listener)
  }

  async close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeoutMs ?? defaults.closeTimeoutMs)
    await this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #engine(): ManagedEngine {
    if (this.#active && this.#machine.isIn('connected', 'fallback', 'reconnecting'))
      return this.#active.engine
    throw new DatabaseUnavailableError(this.state)
  }

  #usableEngine(): ManagedEngine {
    if (this.#machine.isIn('reconnecting')) throw new DatabaseUnavailableError(this.state)
    return this.#engine()
  }

  #start(number: number, lastProblem?: Problem): void {
    if (lastProblem && isRefusedLogin(lastProblem)) this.#config = undefined
    const bootDeadlineMs = this.#options.bootDeadlineMs ?? defaults.bootDeadlineMs
    this.#deadline = performance.now() + bootDeadlineMs
    this.#enterConnecting(number, lastProblem)
    this.#attempting = this.#attempt(number)
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
      deadline: this.#deadline - reserveOf(this.#options.bootDeadlineMs ?? defaults.bootDeadlineMs),
      onRetry: (_, lastProblem) => this.#enterConnecting(number, lastProblem),
    }).catch((error: unknown) => this.#reportUnexpected(error))
    if (!this.#machine.isIn('connecting')) return await closeAll(outcome)
    if ('trace' in outcome) this.#config = appendTrace(this.config, outcome.trace)
    this.#settle(outcome, number)
  }

  #lockPatienceMs(): number {
    const leftMs = this.#deadline - performance.now() - lockPatienceMs.least
    return Math.min(lockPatienceMs.most, Math.max(lockPatienceMs.least, leftMs))
  }

  #reportUnexpected(error: unknown): Outcome {
    const { message } = describeCause(error)
    this.#options.log?.({ level: 'error', event: 'unexpected', message })
    const found = problem('unknown-error', { target: 'The database' })
    return { status: 'unavailable', reason: 'unreachable', problem: found, retryable: true, trace: [] }
  }

  #settle(outcome: Outcome, number: number): void {
    if (outcome.status !== 'unavailable') return this.#activate(outcome)
    const { reason, problem: found, retryable } = outcome
    const waitMs = backoffMs(number, retryMs.first, retryMs.cap)
    const nextAttemptAt = retryable ? Date.now() + waitMs : null
    this.#machine.enter(
      { status: 'unavailable', reason, problem: found, attempt: number, nextAttemptAt },
      { reason: found.code },
    )
    if (retryable) this.#retryTimer.set(waitMs, () => this.#start(number + 1, found))
  }

  #activate(outcome: Exclude<Outcome, { status: 'unavailable' }>, reason?: string): void {
    this.#active = new ActiveEngine(this.#machine, outcome, (engine, found) =>
      renewPassword(engine, found, this.#options),
    )
    this.#handle.follow(outcome.engine.knex)
    this.#machine.enter(this.#active.describe(), {
      newEngine: true,
      ...(reason === undefined ? {} : { reason }),
    })
    this.#active.watch()
    if (this.state.status === 'fallback') announceFallback(this.#options.log, this.state)
  }

  async #return(): Promise<void> {
    const { config } = this
    const active = this.#active
    if (!active || config.kind !== 'primary') return
    const ready = await readyPrimary(active.primary, config, this.#options)
    if (!ready.ok) return this.#stay(ready.problem.message)
    const isSwitched = await this.#leases
      .exclusively(defaults.switchTimeoutMs, () => this.#switch(active, ready.engine))
      .catch(() => false)
    if (isSwitched) await active.closeFallback()
    else this.#stay('Work on the fallback did not end in time.')
  }

  #stay(why: string): void {
    this.#options.log?.({ level: 'warn', event: 'return', message: `The database stays on its fallback. ${why}` })
  }

  /** Nobody is on the fallback any more; its rows stay in its file. */
  async #switch(active: ActiveEngine, engine: ManagedEngine): Promise<boolean> {
    if (!(await active.isFree(defaults.switchTimeoutMs)) || !this.#machine.isIn('fallback')) return false
    const tables = await active.countTablesWithRows()
    active.stop()
    this.#activate(
      { status: 'connected', engine, readOnly: false },
      `returned to the primary; ${describeTables(tables)}`,
    )
    return true
  }

  async #close(timeoutMs: number): Promise<void> {
    if (this.#machine.isIn('closed')) return
    this.#machine.enter({ status: 'closing' })
    this.#retryTimer.clear()
    this.#active?.stop()
    await settleBy(this.#attempting, timeoutMs)
    await this.#leases.exclusively(timeoutMs, async () => {}).catch(() => undefined)
    await this.#active?.close()
    this.#machine.enter({ status: 'closed' })
  }
}

function targetOf(config: DatabaseConfig): string {
  return config.kind === 'unresolved' ? 'none' : formatUrl(config.target)
}

function describeTables(count: number): string {
  return count === 1 ? '1 table of the fallback holds rows' : `${count} tables of the fallback hold rows`
}

/** What of the boot deadline is kept for the fallback. */
function reserveOf(bootDeadlineMs: number): number {
  return Math.min(500, bootDeadlineMs / 5)
}

async function closeAll(outcome: Outcome): Promise<void> {
  if (outcome.status === 'unavailable') return
  await outcome.engine.close()
  if (outcome.status === 'fallback') await outcome.primary?.close()
}
