import { problemCatalogue } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'
import type { FallbackReason } from '../problem/reason.ts'
import type { Parameters, SqliteTarget } from '../url/target.ts'
import { checkResolveOptions } from './check-options.ts'
import { chooseLocation } from './choose-location.ts'
import type { DatabaseConfig, ResolveOptions, Source, TraceStep } from './config.ts'
import { findConflicts } from './conflicts.ts'
import type { Environment } from './environment.ts'
import { withExplanation } from './explain.ts'
import {
  findSource,
  nothingConfigured,
  searchedNames,
  type SearchResult,
  type Search,
} from './find-source.ts'
import { localhostWarning } from './localhost.ts'
import { findMisspelled, lookAlikeAdvice } from './look-alikes.ts'
import { completeTarget } from './complete-target.ts'
import { detectPlatform } from './platforms.ts'
import { findReplica, readReplica } from './replica.ts'
import { lookAtPrimary } from './sqlite-primary.ts'
import { chooseStrategy, fallsBack } from './strategy.ts'
import { workingDirectory } from './working-directory.ts'

/** The part of a config that differs by kind. */
type Decision = (
  | Pick<Extract<DatabaseConfig, { kind: 'primary' }>, 'kind' | 'target' | 'source'>
  | Pick<Extract<DatabaseConfig, { kind: 'fallback' }>, 'kind' | 'target' | 'reason' | 'problem' | 'location'>
  | Pick<Extract<DatabaseConfig, { kind: 'unresolved' }>, 'kind' | 'reason' | 'problem'>
) & { readonly warnings: readonly Problem[] }

/** Applies the strategy to a reason. */
type Decide = (reason: FallbackReason, cause: Problem, warnings: readonly Problem[]) => Decision

interface FoundSqlite {
  readonly source: Source
  readonly target: SqliteTarget
  readonly warnings: readonly Problem[]
}

/**
 * Decides which database a program will use. It reads variables and secret files and looks at the disk; it writes and connects to
 * nothing. What is wrong with the environment is a problem in the result, never an exception.
 *
 * The sources, in order; the first that is set ends the search, whether it is right or wrong: `options.url`, `DATABASE_URL`,
 * `DATABASE_URL_FILE`, the well-known names of platforms, components such as `PGHOST`.
 *
 * @param options - see {@link ResolveOptions}.
 * @returns `primary`: the configured database; `fallback`: a SQLite file in its place, because the strategy allows it for the reason;
 * `unresolved`: neither. Deeply frozen.
 * @throws TypeError that names an option of the wrong type, or one that does not exist.
 *
 * @example
 * ```ts
 * const config = resolveDatabaseConfig({ env: { DATABASE_URL: 'postgres://app@db.example.com/app' } })
 * config.kind === 'primary' && config.target.dialect // 'postgres'
 * config.explain().includes('DATABASE_URL') // true
 * ```
 */
export function resolveDatabaseConfig(options: ResolveOptions = {}): DatabaseConfig {
  checkResolveOptions(options)
  return decideConfig(options)
}

/** Decides for options that were checked; others than these may be among them. */
export function decideConfig(options: ResolveOptions): DatabaseConfig {
  const env: Environment = options.env ?? process.env
  const search: Search = { options, env, cwd: workingDirectory(options) }
  const chosen = chooseStrategy(env, options.strategy)
  const trace: TraceStep[] = []
  const decide: Decide = (reason, cause, warnings) =>
    fallsBack(chosen.strategy, reason)
      ? fallBack(search, reason, cause, warnings, trace)
      : { kind: 'unresolved', reason, problem: cause, warnings }
  const { warnings, ...decision } = decideOn(findSource(search, trace), search, trace, decide)
  const { replica, warnings: ofReplica } = findReplica(options, env, trace)
  const known = [...warnings, ...('problem' in decision ? [decision.problem] : [])]
  return withExplanation({
    ...decision,
    ...(replica && { replica }),
    strategy: chosen.strategy,
    strategyWhy: chosen.why,
    warnings: [
      ...chosen.warnings,
      ...warnings,
      ...ofReplica.filter(({ message }) => known.every((each) => each.message !== message)),
    ],
    trace,
  })
}

function decideOn(finding: SearchResult, search: Search, trace: TraceStep[], decide: Decide): Decision {
  const { env } = search
  if (finding.found === 'nothing') {
    const misspelled = finding.isBlank ? undefined : findMisspelled(env, searchedNames(search.options))
    if (misspelled) return decide('malformed', misspelled, [])
    const cause = nothingConfigured(finding, nothingAdvice(search))
    return decide(finding.isBlank ? 'empty' : 'missing', cause, [])
  }
  if (finding.found === 'problem') {
    return decide(problemCatalogue[finding.problem.code].reason, finding.problem, finding.warnings)
  }
  const { source, target } = finding
  if (target.dialect === 'sqlite') return decideOnSqlite({ ...finding, target }, search, trace, decide)
  const complete = completeTarget(search, source, target, trace)
  if (complete.problem) return decide('malformed', complete.problem, finding.warnings)
  const warnings = [
    ...finding.warnings,
    ...complete.warnings,
    ...findConflicts(search, source, target, trace),
    ...localhostWarning(target, source.name, env),
  ]
  return { kind: 'primary', target: complete.target, source, warnings }
}

function decideOnSqlite(
  { source, target, warnings }: FoundSqlite,
  search: Search,
  trace: TraceStep[],
  decide: Decide,
): Decision {
  const look = lookAtPrimary(target, warnings, search, source.name)
  if (look.problem) {
    trace.splice(-1, 1, { subject: source.name, outcome: 'refused', why: look.problem.message })
    // What is in the replica belongs to this file: it is not to be restored into another, and none is begun in its place.
    return readReplica(search.options, search.env)
      ? { kind: 'unresolved', reason: 'malformed', problem: look.problem, warnings: look.warnings }
      : decide('malformed', look.problem, look.warnings)
  }
  const conflicts = findConflicts(search, source, look.target, trace)
  return { kind: 'primary', target: look.target, source, warnings: [...look.warnings, ...conflicts] }
}

function nothingAdvice({ env, options }: Search): string {
  return [lookAlikeAdvice(env, searchedNames(options)), detectPlatform(env).settings]
    .filter(Boolean)
    .join(' ')
}

function fallBack(
  { options, env }: Search,
  reason: FallbackReason,
  cause: Problem,
  earlier: readonly Problem[],
  trace: TraceStep[],
): Decision {
  const { location, warnings, problem: obstacle } = chooseLocation(options, env, trace)
  if (obstacle) return unusable(reason, cause, obstacle, [...earlier, ...warnings])
  const target: SqliteTarget = { dialect: 'sqlite', filename: location.filename, params: noParameters }
  return { kind: 'fallback', target, reason, problem: cause, location, warnings: [...earlier, ...warnings] }
}

/** No file can stand in. Where nothing else was configured, that is what is wrong. */
function unusable(
  reason: FallbackReason,
  cause: Problem,
  obstacle: Problem,
  warnings: readonly Problem[],
): Decision {
  const isAll = reason === 'missing' || reason === 'empty'
  return isAll
    ? { kind: 'unresolved', reason: problemCatalogue[obstacle.code].reason, problem: obstacle, warnings }
    : { kind: 'unresolved', reason, problem: cause, warnings: [...warnings, obstacle] }
}

const noParameters: Parameters = Object.freeze<Parameters>(Object.create(null))
