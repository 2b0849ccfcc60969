import { describeCause } from '../engine/errors/describe-cause.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import type { StandIn } from '../engine/sqlite/stand-in.ts'
import { WaitTimeout } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { describeTables } from './announce.ts'
import type { Leases } from './leases.ts'
import { readyPrimary, type ReadyPlan } from './ready-primary.ts'
import type { StateMachine, Stay } from './state-machine.ts'

/** How long work in flight on the fallback is waited for, in milliseconds: by hand, and by itself, where new work waits meanwhile. */
const drainTimeoutMs = { 'by hand': 5000, 'if clean': 5000, 'when clean': 250 }

/** Who returns: a person whatever was written to the fallback, a person if nothing was, or the program while nothing is. */
export type ReturnKind = keyof typeof drainTimeoutMs

/** What a return works with. */
export interface ReturnPlan extends ReadyPlan {
  readonly machine: StateMachine
  readonly leases: Leases
  readonly config: DatabaseConfig
  /** What is known of the fallback. */
  readonly standIn: StandIn
  /** Puts the engine of the configured database in use. */
  readonly take: (engine: ManagedEngine, reason: string) => void
}

/**
 * Goes from the fallback back to the configured database: that is prepared first, then work in flight ends, then the one handle is led
 * over while nobody can write.
 *
 * @returns why it stays, where it does.
 */
export async function returnToPrimary(plan: ReturnPlan, kind: ReturnKind): Promise<Problem | undefined> {
  const { machine, leases, engines, config, active } = plan
  if (config.kind !== 'primary') return undefined
  const { stay } = machine
  const ready = await readyPrimary(plan, config)
  if (!ready.ok) return ready.problem
  const timeoutMs = drainTimeoutMs[kind]
  const obstacle = await leases
    .exclusively(timeoutMs, () => switchOver(plan, stay, ready.engine, kind))
    .catch(whyNot)
  if (obstacle === undefined) await engines.close(active.engine)
  else if (!active.primary) await engines.close(ready.engine)
  return obstacle
}

/** Why nobody could be led over: work that did not end, or what the fallback itself says. */
export function whyNot(error: unknown): Problem {
  return inTheWay(
    error instanceof WaitTimeout ? 'Work on the fallback did not end in time.' : describeCause(error).message,
  )
}

function inTheWay(message: string): Problem {
  return { code: 'sqlite-busy', message, hint: 'Everything stays as it was. Try again.' }
}

/** While the writer of the fallback is held, what is known of it stays true. Its rows stay in its file. */
async function switchOver(
  { machine, active, standIn, take }: ReturnPlan,
  stay: Stay,
  engine: ManagedEngine,
  kind: ReturnKind,
): Promise<Problem | undefined> {
  const hold = await standIn.hold(drainTimeoutMs[kind])
  try {
    if (!machine.isStill(stay)) return inTheWay('The database changed meanwhile.')
    if (kind !== 'by hand' && !hold.clean) return inTheWay('It was written to.')
    active.retire(engine)
    take(engine, `returned to the primary; ${describeTables(hold.tables)}`)
    return undefined
  } finally {
    // Nothing was written: where even that cannot be taken back, the file is gone, and nothing depends on it.
    await hold.release().catch(() => undefined)
  }
}
