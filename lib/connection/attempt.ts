import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import { describeCause } from '../engine/errors/describe-cause.ts'
import type { ManagedEngine, ManagedEngineResult } from '../engine/managed-engine.ts'
import { backoffMs, type Deadline } from '../engine/time.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import { problem, type Problem } from '../problem/problem.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { fallsBack } from '../resolve/strategy.ts'
import type { FallbackEngine } from './fallback-engine.ts'
import type { Outcome } from './outcome.ts'
import { isExchangeable, type PrimaryConfig } from './primary-engine.ts'
import { isRefusedLogin } from './renew-password.ts'

/** What an attempt works with. */
export interface AttemptPlan {
  readonly config: DatabaseConfig
  readonly openPrimary: (config: PrimaryConfig) => ManagedEngineResult
  readonly openFallback: () => Promise<FallbackEngine>
  readonly close: (engine: ManagedEngine | undefined) => Promise<void>
  readonly prepare?: ((knex: Knex) => Promise<void>) | undefined
  /** When a server must have answered; the fallback still needs a moment after it. */
  readonly deadline: Deadline
  /** Told of each failure that is tried again within the attempt. */
  readonly onRetry: (lastProblem: Problem) => void
}

/** The configured database, or the fallback, or neither: whatever the settings and the strategy say. */
export async function attempt(plan: AttemptPlan): Promise<Outcome> {
  const { config } = plan
  if (config.kind === 'unresolved') return unavailable(config.problem, false)
  if (config.kind === 'fallback') return await fallBack(plan, config.problem)
  const opened = plan.openPrimary(config)
  if (!opened.ok) return await decide(plan, config, opened.problem)
  return await connect(plan, config, opened.engine)
}

async function connect(plan: AttemptPlan, config: PrimaryConfig, engine: ManagedEngine): Promise<Outcome> {
  const answer = await askUntilDeadline(plan, engine)
  if (!answer.ok) return await decide(plan, config, answer.problem, engine)
  if (answer.readOnly && fallsBack(config.strategy, 'read-only')) {
    return await decide(plan, config, problem('read-only', { target: engine.info.target }), engine)
  }
  const failure = await prepare(plan, engine)
  if (failure === undefined) return { status: 'connected', engine, readOnly: answer.readOnly }
  await plan.close(engine)
  return unavailable(failure, true)
}

/** What passes by itself while a server starts; every other failure decides at once. */
function isPassing({ code }: Problem): boolean {
  return problemCatalogue[code].pace === 'passing'
}

async function askUntilDeadline(
  plan: AttemptPlan,
  engine: ManagedEngine,
): ReturnType<ManagedEngine['probe']> {
  const leftMs = (): number => Math.max(1, plan.deadline.leftMs)
  let answer = await engine.probe({ timeoutMs: leftMs(), write: true })
  for (let tries = 1; !answer.ok && isPassing(answer.problem); tries++) {
    const waitMs = backoffMs(tries, 100, 1000)
    if (waitMs > leftMs()) break
    plan.onRetry(answer.problem)
    await sleep(waitMs)
    const next = await engine.probe({ timeoutMs: leftMs(), write: true })
    // Silence, which is often the deadline's doing, says less than the answer before.
    if (!next.ok && next.problem.code === 'connect-timeout') break
    answer = next
  }
  return answer
}

async function decide(
  plan: AttemptPlan,
  config: PrimaryConfig,
  found: Problem,
  primary?: ManagedEngine,
): Promise<Outcome> {
  const { reason, retryable } = problemCatalogue[found.code]
  if (fallsBack(config.strategy, reason) && isExchangeable(config))
    return await fallBack(plan, found, primary)
  await plan.close(primary)
  return unavailable(found, retryable || canRotate(config, found))
}

/** A password from a file may have changed by the next attempt. */
function canRotate({ source }: PrimaryConfig, found: Problem): boolean {
  return isRefusedLogin(found) && ['file', 'components'].includes(source.kind)
}

async function fallBack(plan: AttemptPlan, found: Problem, primary?: ManagedEngine): Promise<Outcome> {
  const fallback = await plan.openFallback()
  if (!fallback.ok) {
    await plan.close(primary)
    return unavailable(fallback.problem, problemCatalogue[fallback.problem.code].retryable, fallback.trace)
  }
  const { engine, location, trace } = fallback
  const failure = await prepare(plan, engine)
  if (failure !== undefined) {
    await Promise.all([plan.close(engine), plan.close(primary)])
    return unavailable(failure, true, trace)
  }
  const { reason } = problemCatalogue[found.code]
  const outcome = { status: 'fallback', engine, reason, problem: found, location, trace } as const
  return primary === undefined ? outcome : { ...outcome, primary }
}

/** Runs the program's migrations; says what is wrong where they fail. */
export async function prepare(
  plan: Pick<AttemptPlan, 'prepare'>,
  engine: ManagedEngine,
): Promise<Problem | undefined> {
  try {
    await plan.prepare?.(engine.knex)
    return undefined
  } catch (error) {
    return problem('migration-failed', { target: engine.info.target, cause: describeCause(error).message })
  }
}

function unavailable(
  found: Problem,
  retryable: boolean,
  trace: Extract<Outcome, { status: 'unavailable' }>['trace'] = [],
): Outcome {
  const { reason } = problemCatalogue[found.code]
  return { status: 'unavailable', reason, problem: found, retryable, trace }
}
