import type { ManagedEngine, ManagedEngineResult } from '../engine/managed-engine.ts'
import { problem, type Problem } from '../problem/problem.ts'
import type { ActiveEngine } from './active-engine.ts'
import type { SettledOptions } from './database.ts'
import type { Engines } from './engines.ts'
import { preparePrimary } from './prepare.ts'
import { openPrimaryEngine, type PrimaryConfig } from './primary-engine.ts'

/** What a primary is made ready with. */
export interface ReadyPlan {
  readonly active: ActiveEngine
  readonly options: SettledOptions
  readonly engines: Engines
}

/** The configured database answers, takes writes, and is prepared. */
export async function readyPrimary(
  { active: { primary: kept }, options, engines }: ReadyPlan,
  config: PrimaryConfig,
): Promise<ManagedEngineResult> {
  const opened = kept
    ? ({ ok: true, engine: kept } as const)
    : await openPrimaryEngine(config, options, engines)
  if (!opened.ok) return opened
  const refused = await refuse(opened.engine, config, options, engines)
  if (refused === undefined) return opened
  if (!kept) await engines.close(opened.engine)
  return { ok: false, problem: refused }
}

async function refuse(
  engine: ManagedEngine,
  config: PrimaryConfig,
  options: SettledOptions,
  engines: Engines,
): Promise<Problem | undefined> {
  const answer = await engine.probe({ write: true })
  if (!answer.ok) return answer.problem
  if (answer.readOnly) return problem('read-only', { target: engine.info.target })
  return (await preparePrimary(engine, config, options, engines)).problem
}
