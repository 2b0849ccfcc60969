import { isDiskTrouble } from '../engine/sqlite/disk-trouble.ts'
import { createSqliteEngine, type SqliteEngine } from '../engine/sqlite/sqlite-engine.ts'
import type { StandIn } from '../engine/sqlite/stand-in.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import { problem, type Problem } from '../problem/problem.ts'
import type { ReplicaSettings, SqliteLocation, TraceStep } from '../resolve/config.ts'
import { eachCandidate, type SqliteCandidate } from '../resolve/fallback-candidates.ts'
import { mayBePassedOver } from '../resolve/look-at-file.ts'
import type { SettledOptions } from './database.ts'
import type { Engines } from './engines.ts'
import { openReplica } from './open-replica.ts'

/** The fallback, opened and proved by writing, or why there is none; and what was refused on the way. */
export type FallbackEngine = { readonly trace: readonly TraceStep[] } & (
  | {
      readonly ok: true
      readonly engine: SqliteEngine
      readonly standIn: StandIn
      readonly location: SqliteLocation
    }
  | { readonly ok: false; readonly problem: Problem }
)

/** A place where the fallback may live, and what a look at it refused, if it was looked at. */
type Candidate = Pick<SqliteCandidate, 'location'> & Partial<Pick<SqliteCandidate, 'look' | 'problem'>>

interface Proof {
  readonly ok: true
  readonly engine: SqliteEngine
  readonly standIn: StandIn
}

interface Refusal {
  readonly ok: false
  readonly problem: Problem
  readonly why: string
  readonly mayPassOver: boolean
}

/**
 * Walks the places where the fallback may live, to the first that really takes writes.
 *
 * @param timeoutMs - how long one file may be locked by others, in milliseconds.
 * @param replica - where the file is copied, and restored from.
 */
export async function openFallbackEngine(
  options: SettledOptions,
  engines: Engines,
  timeoutMs: number,
  replica: ReplicaSettings | undefined,
): Promise<FallbackEngine> {
  const trace: TraceStep[] = []
  let last: Problem = problem('sqlite-cannot-open', { target: 'The SQLite fallback' })
  for (const candidate of candidatesOf(options)) {
    const { location } = candidate
    const proof = await prove(candidate, options, engines, { timeoutMs, replica })
    if (proof.ok) {
      trace.push({ subject: location.filename, outcome: 'taken', why: 'it was opened and takes writes' })
      return { ...proof, location, trace }
    }
    trace.push({ subject: location.filename, outcome: 'refused', why: proof.why })
    last = proof.problem
    if (!proof.mayPassOver) break
  }
  return { ok: false, problem: last, trace }
}

/** A decision that was handed in names the one place. */
function candidatesOf(options: SettledOptions): Iterable<Candidate> {
  const { config } = options
  return config?.kind === 'fallback' ? [{ location: config.location }] : eachCandidate(options)
}

async function prove(
  { location, look, problem: refused }: Candidate,
  options: SettledOptions,
  engines: Engines,
  { timeoutMs, replica }: { readonly timeoutMs: number; readonly replica: ReplicaSettings | undefined },
): Promise<Proof | Refusal> {
  if (refused) {
    const mayPassOver = !look || mayBePassedOver(look)
    return { ok: false, problem: refused, why: look?.why ?? refused.message, mayPassOver }
  }
  const target = { dialect: 'sqlite', filename: location.filename, params: {} } as const
  const keeper = await openReplica(replica, options)
  const settings = { ...options, role: 'fallback', location, ...(keeper && { keeper }) } as const
  const opened = createSqliteEngine(target, settings)
  if (!opened.ok) return { ...opened, why: opened.problem.message, mayPassOver: false }
  const { engine } = opened
  engines.add(engine)
  const proof = await use(engine, timeoutMs)
  // Closing waits for a statement that waits for the lock; a replica is given back before another place is tried.
  const closing = proof.ok ? undefined : engines.close(engine)
  if (keeper) await closing
  return proof
}

async function use(engine: SqliteEngine, timeoutMs: number): Promise<Proof | Refusal> {
  const place = await engine.prepareLocation()
  if (!place.ok) return place
  const answer = await engine.probe({ timeoutMs, write: true })
  if (answer.ok && !answer.readOnly) {
    const opened = await engine.openStandIn(timeoutMs).catch((error: unknown) => engine.problemOf(error))
    if (!('code' in opened)) return { ok: true, engine, standIn: opened }
    return { ok: false, problem: opened, why: opened.message, mayPassOver: place.isNew }
  }
  /* c8 ignore next -- a place that turns read-only between its preparation and the probe cannot be made to order */
  const found = answer.ok ? problem('sqlite-read-only', { target: engine.info.target }) : answer.problem
  // A file that is good but locked, or on a disk that fails or is full, is never passed over: that would split the data.
  const isKept = problemCatalogue[found.code].file === 'kept' || isDiskTrouble(found)
  const mayPassOver = place.isNew || !isKept
  return { ok: false, problem: found, why: found.message, mayPassOver }
}
