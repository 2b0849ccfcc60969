import { setTimeout as sleep } from 'node:timers/promises'
import type { ManagedEngine, SupervisedEngine } from '../engine/managed-engine.ts'
import { backoffMs } from '../engine/time.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import { problem, type Problem } from '../problem/problem.ts'
import type { DatabaseConfig, SqliteLocation } from '../resolve/config.ts'
import { withRepairs } from '../resolve/repairs.ts'
import { describeFile } from '../resolve/sqlite-location.ts'
import { fallsBack } from '../resolve/strategy.ts'
import type { AttemptBounds } from './boot.ts'
import type { SettledOptions } from './database.ts'
import type { Engines } from './engines.ts'
import { openFallbackEngine, type FallbackEngine } from './fallback-engine.ts'
import { noFindings, type Findings, type Outcome } from './outcome.ts'
import { prepare, preparePrimary } from './prepare.ts'
import { isExchangeable, openPrimaryEngine, type PrimaryConfig } from './primary-engine.ts'

/** What an attempt works with. */
export interface AttemptPlan extends AttemptBounds {
  readonly config: DatabaseConfig
  readonly options: SettledOptions
  readonly engines: Engines
}

type Opened = Extract<FallbackEngine, { ok: true }>

/** Why the configured database is not in use. */
interface Failure {
  readonly problem: Problem
  /** It comes from the text of the settings, or from a driver: nobody was asked, and asking again changes nothing. */
  readonly isFinal: boolean
  /** Its engine, where there is one to try again. */
  readonly engine?: ManagedEngine
}

/** The configured database, or the fallback, or neither: whatever the settings and the strategy say. */
export async function attempt(plan: AttemptPlan): Promise<Outcome> {
  const { config } = plan
  if (config.kind === 'unresolved') return unavailable({ problem: config.problem, isFinal: true })
  if (config.kind === 'fallback') return await fallBack(plan, { problem: config.problem, isFinal: true })
  const opened = await openPrimaryEngine(config, plan.options, plan.engines)
  if (!opened.ok) return await decide(plan, config, { problem: opened.problem, isFinal: true })
  return await connect(plan, config, opened.engine)
}

async function connect(plan: AttemptPlan, config: PrimaryConfig, engine: ManagedEngine): Promise<Outcome> {
  // To restore a file may take longer than the attempt: it is not begun again meanwhile.
  const place = engine.keeper ? await engine.prepareLocation?.() : undefined
  if (place?.ok === false)
    return await decide(plan, config, { problem: place.problem, isFinal: false, engine })
  const answer = await askUntilDeadline(plan, engine)
  if (!answer.ok) return await decide(plan, config, { problem: answer.problem, isFinal: false, engine })
  if (answer.readOnly && fallsBack(config.strategy, 'read-only')) {
    const readOnly = problem('read-only', { target: engine.info.target })
    return await decide(plan, config, { problem: readOnly, isFinal: false, engine })
  }
  const prepared = await preparePrimary(engine, config, plan.options, plan.engines)
  const { problem: failure, isFinal, findings } = prepared
  if (!failure) {
    const { readOnly } = answer
    return { status: 'connected', engine, readOnly, findings: withWarnings(findings, engine) }
  }
  await plan.engines.close(engine)
  return unavailable({ problem: failure, isFinal }, findings)
}

/** What passes by itself while a server starts; every other failure decides at once. */
function isPassing({ code }: Problem): boolean {
  return problemCatalogue[code].pace === 'passing'
}

/** Asks until the server answers, or the deadline is over, or it fails in a way that does not pass. */
export async function askUntilDeadline(
  bounds: Pick<AttemptBounds, 'deadline' | 'onRetry'>,
  engine: SupervisedEngine,
): ReturnType<SupervisedEngine['probe']> {
  const leftMs = (): number => Math.max(1, bounds.deadline.leftMs)
  let answer = await engine.probe({ timeoutMs: leftMs(), write: true })
  for (let tries = 1; !answer.ok && isPassing(answer.problem); tries++) {
    const waitMs = backoffMs(tries, 100, 1000)
    if (waitMs > leftMs()) break
    bounds.onRetry(answer.problem)
    await sleep(waitMs)
    const next = await engine.probe({ timeoutMs: leftMs(), write: true })
    // Silence, which is often the deadline's doing, says less than the answer before.
    if (!next.ok && next.problem.code === 'connect-timeout') break
    answer = next
  }
  return answer
}

async function decide(plan: AttemptPlan, config: PrimaryConfig, found: Failure): Promise<Outcome> {
  const failure = { ...found, problem: withRepairs(found.problem, config.warnings) }
  const { reason } = problemCatalogue[failure.problem.code]
  if (fallsBack(config.strategy, reason) && isExchangeable(config)) return await fallBack(plan, failure)
  await plan.engines.close(failure.engine)
  return unavailable(failure)
}

async function fallBack(plan: AttemptPlan, failure: Failure): Promise<Outcome> {
  const { options, engines, config } = plan
  const fallback = await openFallbackEngine(options, engines, plan.lockPatienceMs(), config.replica)
  if (!fallback.ok) {
    await engines.close(failure.engine)
    return withoutFallback(failure, fallback)
  }
  const { engine, standIn, location, trace } = fallback
  const unprepared = (await prepare(options, engine)) ?? (await extend(fallback))
  const warnings = standIn.state.tables > 0 ? [hasData(location)] : []
  const findings = withWarnings({ trace, warnings }, engine)
  if (unprepared) {
    await Promise.all([engines.close(engine), engines.close(failure.engine)])
    return unavailable({ problem: unprepared, isFinal: false }, findings)
  }
  const { reason } = problemCatalogue[failure.problem.code]
  const primary = failure.engine && { primary: failure.engine }
  return {
    status: 'fallback',
    engine,
    standIn,
    reason,
    problem: failure.problem,
    location,
    ...primary,
    findings,
  }
}

/** How long others may keep the file locked after it was prepared, in milliseconds. */
const extendTimeoutMs = 5000

/** What was prepared is no work of the program's users. */
async function extend({ engine, standIn }: Opened): Promise<Problem | undefined> {
  return await standIn.extend(extendTimeoutMs).then(
    () => undefined,
    (error: unknown) => engine.problemOf(error),
  )
}

function withWarnings({ trace, warnings }: Findings, { keeper }: ManagedEngine): Findings {
  return { trace, warnings: [...warnings, ...(keeper?.warnings ?? [])] }
}

function hasData({ filename }: SqliteLocation): Problem {
  return problem('fallback-has-data', { target: describeFile(filename) })
}

/** What is wrong is what is wrong with the configured database; where none is configured, what is wrong with the fallback. */
function withoutFallback(
  failure: Failure,
  { problem: refused, trace }: Extract<FallbackEngine, { ok: false }>,
): Outcome {
  const isFinal = failure.isFinal && problemCatalogue[refused.code].reason === 'driver'
  const { reason } = problemCatalogue[failure.problem.code]
  return reason === 'missing' || reason === 'empty'
    ? unavailable({ problem: refused, isFinal }, { trace, warnings: [] })
    : unavailable({ problem: failure.problem, isFinal }, { trace, warnings: [refused] })
}

function unavailable(
  { problem: found, isFinal }: Pick<Failure, 'problem' | 'isFinal'>,
  findings: Findings = noFindings,
): Outcome {
  return { status: 'unavailable', problem: found, isFinal, findings }
}
