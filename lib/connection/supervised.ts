import { engineDefaults } from '../engine/engine-defaults.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { aFunction } from '../url/option-checks.ts'
import type { Arrived } from './boot.ts'
import { checkBoundOptions, checkConnectOptions } from './check-call-options.ts'
import type { StateChange } from './database.ts'
import type { HealthReport } from './health.ts'
import { healthOf, measureHealth } from './health-report.ts'
import type { ConnectionState } from './state.ts'
import type { Supervision } from './supervision.ts'

/** What programs see of a life that is supervised, whatever they use it through. */
export abstract class Supervised<Arrival extends Arrived> {
  readonly #life: Supervision<Arrival>

  constructor(life: Supervision<Arrival>) {
    this.#life = life
  }

  get config(): DatabaseConfig {
    return this.#life.boot.config
  }

  get state(): ConnectionState {
    return this.#life.machine.state
  }

  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<ConnectionState> {
    checkConnectOptions(options)
    this.#life.boot.hurry()
    this.#life.work.watch()?.hurry()
    await this.#life.begin(options.signal)
    return this.state
  }

  health(): HealthReport {
    return healthOf(this.state)
  }

  async check(options: { readonly timeoutMs?: number } = {}): Promise<HealthReport> {
    checkBoundOptions(options)
    const watch = this.#life.work.watch()
    return await measureHealth(watch && (() => watch.verify()), () => this.state, options.timeoutMs)
  }

  onStateChange(listener: (change: StateChange) => void): () => void {
    aFunction('listener', listener)
    return this.#life.machine.onChange(listener)
  }

  async close(options: { readonly timeoutMs?: number } = {}): Promise<void> {
    checkBoundOptions(options)
    await this.#life.end(options.timeoutMs ?? engineDefaults.closeTimeoutMs)
  }

  /** What JSON says of it: the state. */
  toJSON(): ConnectionState {
    return this.state
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
