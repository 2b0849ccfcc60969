import { openTarget } from '../engine/create-engine.ts'
import { claimLocation } from '../engine/sqlite/claim-location.ts'
import { createSqliteEngine } from '../engine/sqlite/sqlite-engine.ts'
import type { ManagedEngine, ManagedEngineResult } from '../engine/managed-engine.ts'
import { problem, type Problem } from '../problem/problem.ts'
import type { DatabaseConfig, SqliteLocation, TraceStep } from '../resolve/config.ts'
import { fallbackCandidates, type SqliteCandidate } from '../resolve/fallback-candidates.ts'
import type { OpenOptions } from './database.ts'

/** The engine of the configured database; no connection is made yet. */
export function openPrimaryEngine(
  { target }: Extract<DatabaseConfig, { kind: 'primary' }>,
  options: OpenOptions,
): ManagedEngineResult {
  return openTarget(target, engineOptions(options), options)
}
