import type { ManagedEngine } from '../engine/managed-engine.ts'
import { claimLocation } from '../engine/sqlite/claim-location.ts'
import { createSqliteEngine } from '../engine/sqlite/sqlite-engine.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import { problem, type Problem } from '../problem/problem.ts'
import type { SqliteLocation, TraceStep } from '../resolve/config.ts'
import { eachCandidate, type SqliteCandidate } from '../resolve/fallback-candidates.ts'
import type { SettledOptions } from './database.ts'

/** The fallback, opened and proved by writing, or why there is none; and what was refused on the way. */
export type FallbackEngine = { readonly trace: readonly TraceStep[] } & (
  | { readonly ok: true; readonly engine: ManagedEngine; readonly location: SqliteLocation }
  | { readonly ok: false; readonly problem: Problem }
)

type Proof =
  | { readonly ok: true; readonly engine: ManagedEngine }
  | { readonly ok: false; readonly problem: Problem; readonly why: string; readonly mayPassOver: boolean }

/**
 * Walks the places where the fallback may live, to the first that really takes writes.
 *
 * @param timeoutMs - how long one file may be locked by others, in milliseconds.
 */
export async function openFallbackEngine(
  options: SettledOptions,
  timeoutMs: number,
): Promise<FallbackEngine> {
  const trace: TraceStep[] = []
  let last: Problem = problem('sqlite-cannot-open', { target: 'The SQLite fallback' })
  for (const candidate of eachCandidate(options)) {
    const { location } = candidate
    const proof = await prove(candidate, options, timeoutMs)
    if (proof.ok) {
      trace.push({ subject: location.filename, outcome: 'taken', why: 'it was opened and takes writes' })
      return { ok: true, engine: proof.engine, location, trace }
    }
    trace.push({ subject: location.filename, outcome: 'refused', why: proof.why })
    last = proof.problem
    if (!proof.mayPassOver) break
  }
  return { ok: false, problem: last, trace }
}

async function prove(candidate: SqliteCandidate, options: SettledOptions, timeoutMs: number): Promise<Proof> {
  if (candidate.problem)
    return { ok: false, problem: candidate.problem, why: candidate.look.why, mayPassOver: true }
  const claim = await claimLocation(candidate)
  if (!claim.ok) return claim
  const { location } = candidate
  const target = { dialect: 'sqlite', filename: location.filename, params: {} } as const
  const opened = createSqliteEngine(target, { ...sqliteOptions(options), role: 'fallback', location })
  if (!opened.ok) return { ...opened, why: opened.problem.message, mayPassOver: false }
  const answer = await opened.engine.probe({ timeoutMs, write: true })
  if (answer.ok && !answer.readOnly) return opened
  // Not awaited: closing waits for a statement that waits for the lock.
  void opened.engine.close()
  /* c8 ignore next 3 -- a place that turns read-only between the claim and the probe cannot be made to order */
  const found = answer.ok
    ? problem('sqlite-read-only', { target: opened.engine.info.target })
    : answer.problem
  return {
    ok: false,
    problem: found,
    why: found.message,
    mayPassOver: claim.isNew || problemCatalogue[found.code].file !== 'kept',
  }
}

/** The driver may be named in either of two places. */
export function sqliteOptions(options: SettledOptions): SettledOptions {
  const sqliteDriver = options.sqliteDriver ?? options.sqlite?.driver
  return sqliteDriver === undefined ? options : { ...options, sqliteDriver }
}
