import { harmless } from '../engine/log.ts'
import { Deadline } from '../engine/time.ts'
import { announceChange } from './announce.ts'
import { Boot, type Arrived, type BootWork } from './boot.ts'
import type { OpenOptions, SettledOptions } from './database.ts'
import { Engines } from './engines.ts'
import type { Monitor } from './monitor.ts'
import { StateMachine } from './state-machine.ts'

/** What is supervised. */
export interface SupervisedWork<Arrival extends Arrived> extends BootWork<Arrival> {
  /** Who asks the engine in use. */
  watch(): Pick<Monitor, 'hurry' | 'verify'> | undefined
  /** It is about to be closed: nothing is asked or begun any more. */
  stop(): void
  /** What is in flight may end until the deadline. */
  drain(deadline: Deadline): Promise<void>
}

/** The life of a database, whatever programs use it through. */
export class Supervision<Arrival extends Arrived> {
  readonly options: SettledOptions
  readonly machine: StateMachine = new StateMachine()
  readonly engines: Engines = new Engines()
  readonly boot: Boot<Arrival>
  readonly work: SupervisedWork<Arrival>
  #ending: Promise<void> | undefined

  /** @param options - checked already. The environment is kept as it is now. */
  constructor(options: OpenOptions, work: SupervisedWork<Arrival>) {
    const log = options.log && harmless(options.log)
    this.options = { ...options, env: { ...(options.env ?? process.env) }, ...(log && { log }) }
    this.work = work
    this.boot = new Boot(this.options, this.machine, work)
    this.machine.onChange((change) => announceChange(log, change, this.machine.state))
  }

  /**
   * Makes the first attempt, and waits for the one under way. A server that refuses is not asked again for each query.
   *
   * @returns nothing where there is nothing to wait for: each request comes by here.
   */
  begin(signal?: AbortSignal): Promise<void> | undefined {
    if (this.machine.isIn('idle')) this.boot.start()
    return this.machine.isIn('connecting') ? this.boot.wait(signal) : undefined
  }

  /** Ends it, once. What is left in flight after the bound is rolled back, whoever holds it. */
  async end(timeoutMs: number): Promise<void> {
    if (!this.#ending) {
      const deadline = new Deadline(timeoutMs)
      // Known before the change is told: a listener may end it too.
      this.#ending = Promise.resolve().then(() => this.#release(deadline))
      this.machine.close()
      this.work.stop()
    }
    await this.#ending
  }

  async #release(deadline: Deadline): Promise<void> {
    await this.boot.stop(deadline.leftMs)
    await this.work.drain(deadline)
    await this.engines.closeAll(deadline.leftMs)
    this.machine.end()
  }
}
