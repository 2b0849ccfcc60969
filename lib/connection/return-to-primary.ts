import type { ManagedEngine, ManagedEngineResult } from '../engine/managed-engine.ts'
import { problem } from '../problem/problem.ts'
import { prepare } from './attempt.ts'
import type { SettledOptions } from './database.ts'
import type { Engines } from './engines.ts'
import { openPrimaryEngine, type PrimaryConfig } from './primary-engine.ts'

/**
 * Makes the configured database ready to take over from the fallback: it answers, takes writes, and is prepared.
 *
 * @param kept - its engine, where one was kept to watch it.
 */
export async function readyPrimary(
  kept: ManagedEngine | undefined,
  config: PrimaryConfig,
  options: SettledOptions,
  engines: Engines,
): Promise<ManagedEngineResult> {
  const opened = kept ? ({ ok: true, engine: kept } as const) : openPrimaryEngine(config, options, engines)
  if (!opened.ok) return opened
  const refused = await refuse(opened.engine, options)
  if (refused === undefined) return opened
  if (!kept) await engines.close(opened.engine)
  return { ok: false, problem: refused }
}

async function refuse(engine: ManagedEngine, options: SettledOptions): ReturnType<typeof prepare> {
  const answer = await engine.probe({ write: true })
  if (!answer.ok) return answer.problem
  if (answer.readOnly) return problem('read-only', { target: engine.info.target })
  return await prepare(options, engine)
}
