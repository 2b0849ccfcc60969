import { settleBy } from '../engine/time.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import type { Problem } from '../problem/problem.ts'
import type { PromoteBetween } from '../promote/promote.ts'
import type { PromoteOptions, PromoteReport } from '../promote/report.ts'
import { readyPrimary } from './ready-primary.ts'
import { returnToPrimary, whyNot, type ReturnPlan } from './return-to-primary.ts'

/** More rows than this are not copied while a program waits. */
const mostRows = 10_000

/** How long work in flight on the fallback is waited for, and how long new work may wait for the copy, in milliseconds. */
const waitMs = { drain: 5000, copy: 30_000 }

/**
 * Copies what was written to the fallback into the configured database while nobody can write, and leads the one handle over. On any
 * failure everything stays as it was.
 *
 * @param found - why the fallback is in use.
 */
export async function promoteStandIn(
  plan: ReturnPlan,
  options: PromoteOptions,
  found: Problem,
): Promise<PromoteReport> {
  const { config, active, standIn, engines } = plan
  if (config.kind !== 'primary') return notDone(found)
  if (!options.dryRun && standIn.state.clean) {
    const obstacle = await returnToPrimary(plan, 'if clean')
    if (obstacle === undefined) return { done: true, rows: 0, differences: [] }
    if (standIn.state.clean) return notDone(obstacle)
  }
  const ready = await readyPrimary(plan, config)
  if (!ready.ok) return notDone(ready.problem)
  const promotion = new Promotion(plan, options, ready.engine)
  const report = await promotion.run()
  if (promotion.isOver) await engines.close(active.engine)
  else if (!active.primary) await engines.close(ready.engine)
  return promotion.isOver ? over(plan, report) : report
}

/** After the switch all rows are in the configured database, also where the fallback could not be told so. */
function over({ options }: ReturnPlan, { rows, differences, problem }: PromoteReport): PromoteReport {
  const message = `The rows are in the configured database, and the SQLite file does not know it. ${problem?.message}`
  if (problem) options.log?.({ level: 'warn', event: 'promote', message })
  return { done: true, rows, differences }
}

/** One copy, and the switch that follows it. */
class Promotion {
  isOver = false
  readonly #plan: ReturnPlan
  readonly #options: PromoteOptions
  readonly #engine: ManagedEngine

  constructor(plan: ReturnPlan, options: PromoteOptions, engine: ManagedEngine) {
    this.#plan = plan
    this.#options = options
    this.#engine = engine
  }

  async run(): Promise<PromoteReport> {
    const { leases } = this.#plan
    if (this.#options.dryRun) return await this.#promote({})
    return await leases
      .exclusively(waitMs.drain, () => this.#promoteInTime())
      .catch((error: unknown) => notDone(whyNot(error)))
  }

  async #promoteInTime(): Promise<PromoteReport> {
    const { machine, active, take } = this.#plan
    const { stay } = machine
    const promoting = this.#promote({
      mostRows,
      whileHeld: async (rows) => {
        if (!machine.isStill(stay)) return
        this.#forgetSessions()
        active.retire(this.#engine)
        take(this.#engine, `promoted; ${rows === 1 ? '1 row was' : `${rows} rows were`} written`)
        this.isOver = true
      },
    })
    await settleBy(promoting, waitMs.copy)
    // What hangs by now fails, and is taken back.
    if (!this.isOver) this.#forgetSessions()
    return await promoting
  }

  async #promote(more: Partial<PromoteBetween>): Promise<PromoteReport> {
    const { promote } = await import('../promote/promote.ts')
    const { dialect, target } = this.#engine.info
    const { knex: standIn } = this.#plan.active.engine
    return await promote({ standIn, primary: this.#engine.knex, dialect, target, ...more }, this.#options)
  }

  /** A promotion changes settings of its sessions. */
  #forgetSessions(): void {
    this.#engine.dropConnections()
  }
}

function notDone(problem: Problem): PromoteReport {
  return { done: false, rows: 0, differences: [], problem }
}
