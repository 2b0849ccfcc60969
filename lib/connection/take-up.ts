import type { SqliteEngine } from '../engine/sqlite/sqlite-engine.ts'
import { Deadline } from '../engine/time.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { attempt } from './attempt.ts'
import type { ActiveEngine } from './active-engine.ts'
import type { SettledOptions } from './database.ts'
import type { Engines } from './engines.ts'
import { noFindings, type Outcome } from './outcome.ts'

/** How long the new file may take to be opened, in milliseconds. */
const timeoutMs = 5000

/** What a file is taken up with. */
export interface TakeUpPlan {
  readonly config: DatabaseConfig
  readonly options: SettledOptions
  readonly engines: Engines
  readonly active: ActiveEngine
}

/**
 * Leaves a file that was exchanged while it was open, and opens the one that is at its path now, as at the start: it is proved and prepared.
 * It never rejects: what failed can be tried again.
 */
export async function takeUp(plan: TakeUpPlan): Promise<Outcome> {
  const engine = plan.active.engine as SqliteEngine
  try {
    await engine.leaveFile()
    return await openAnew(plan)
  } catch (error) {
    return { status: 'unavailable', problem: engine.problemOf(error), isFinal: false, findings: noFindings }
  }
}

async function openAnew({ config, options, engines, active }: TakeUpPlan): Promise<Outcome> {
  const { arrival, engine, primary } = active
  await engines.close(engine)
  const decided: DatabaseConfig =
    arrival.status === 'fallback'
      ? {
          ...config,
          kind: 'fallback',
          target: { dialect: 'sqlite', filename: arrival.location.filename, params: {} },
          reason: arrival.reason,
          problem: arrival.problem,
          location: arrival.location,
        }
      : { ...config, strategy: 'never' }
  const outcome = await attempt({
    config: decided,
    options: { ...options, config: decided },
    engines,
    deadline: new Deadline(timeoutMs),
    lockPatienceMs: () => timeoutMs,
    onRetry: () => undefined,
  })
  return outcome.status === 'fallback' && primary ? { ...outcome, primary } : outcome
}
