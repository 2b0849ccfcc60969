import type { PromoteOptions, PromoteReport } from '../promote/report.ts'
import type { LogEvent } from '../engine/engine.ts'
import { DatabaseUnavailableError } from './database-unavailable-error.ts'
import { promoteStandIn } from './promote-stand-in.ts'
import { returnToPrimary, whyNot, type ReturnKind, type ReturnPlan } from './return-to-primary.ts'
import type { StateMachine } from './state-machine.ts'

/** The ways from the fallback to the configured database: a return, and a promotion. One is gone at a time. */
export class WayBack {
  readonly #machine: StateMachine
  readonly #log: ((event: LogEvent) => void) | undefined
  readonly #plan: () => ReturnPlan | undefined
  #going: Promise<void> | undefined
  #staysBecause: string | undefined
  #waitsForWork = false

  /** @param plan - what to go with; nothing while no fallback is in use. */
  constructor(
    machine: StateMachine,
    log: ((event: LogEvent) => void) | undefined,
    plan: () => ReturnPlan | undefined,
  ) {
    this.#machine = machine
    this.#log = log
    this.#plan = plan
  }

  /** Returns, or waits for the one who is on the way. */
  async go(kind: ReturnKind): Promise<void> {
    await (this.#going ?? this.#begin(this.#return(kind)))
  }

  /** Returns because somebody asks for it. One that goes on by itself may give up where this one waits. */
  async goByHand(): Promise<void> {
    await this.#going
    await this.go('by hand')
  }

  /** Copies what was written to the fallback, and returns with it, once nobody else is on the way. */
  async promote(options: PromoteOptions): Promise<PromoteReport> {
    while (this.#going) await this.#going
    return await this.#begin(this.#promote(options))
  }

  /** Who waits for somebody else on the way hears of no failure of theirs. */
  async #begin<T>(work: Promise<T>): Promise<T> {
    const end = (): void => void (this.#going = undefined)
    this.#going = work.then(end, end)
    await this.#going
    return await work
  }

  async #return(kind: ReturnKind): Promise<void> {
    const plan = this.#plan()
    if (!plan) return
    const obstacle = await returnToPrimary(plan, kind).catch(whyNot)
    // A close ends the return too, whatever it met by then.
    if (obstacle === undefined || this.#machine.isIn('closing', 'closed')) return
    this.#stay(obstacle.message)
    void this.#hurryOnceFree(plan)
  }

  async #promote(options: PromoteOptions): Promise<PromoteReport> {
    const { state } = this.#machine
    const plan = this.#plan()
    if (plan && state.status === 'fallback') return await promoteStandIn(plan, options, state.problem)
    const none = { rows: 0, differences: [] }
    if (state.status === 'connected') return { done: true, ...none }
    const { code, hint, message } = new DatabaseUnavailableError(state)
    return { done: false, ...none, problem: state.problem ?? { code, hint, message } }
  }

  /** Tells once why it stays, however often that is tried. */
  #stay(why: string): void {
    if (why === this.#staysBecause) return
    this.#staysBecause = why
    this.#log?.({
      level: 'warn',
      event: 'return',
      message: `The database stays on its fallback. ${why}`,
    })
  }

  /** What waits for work on the fallback is not to wait for the next question to the configured database too. */
  async #hurryOnceFree({ leases }: ReturnPlan): Promise<void> {
    if (this.#waitsForWork || leases.held === 0) return
    this.#waitsForWork = true
    await leases.whenFree(Infinity)
    this.#waitsForWork = false
    this.#plan()?.active.hurry()
  }
}
