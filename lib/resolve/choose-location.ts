import { problem, type Problem } from '../problem/problem.ts'
import type { ResolveOptions, SqliteLocation, TraceStep } from './config.ts'
import type { Environment } from './environment.ts'
import { eachCandidate, type SqliteCandidate } from './fallback-candidates.ts'
import { describeFile, ephemeralWarning, lookAround } from './sqlite-location.ts'

/** Where the fallback will live, as far as looking tells. */
export interface ChosenLocation {
  readonly location: SqliteLocation
  readonly warnings: readonly Problem[]
}

/**
 * Takes the first place for the fallback that looks usable.
 *
 * @param options - may name places.
 * @param env - the environment.
 * @param trace - takes a step for each place that was looked at.
 * @returns the place, with warnings about what is lost there, or was left behind on the way.
 */
export function chooseLocation(
  options: ResolveOptions,
  env: Environment,
  trace: TraceStep[],
): ChosenLocation {
  const surroundings = lookAround(env)
  const warnings: Problem[] = []
  for (const candidate of eachCandidate(options, surroundings)) {
    trace.push(step(candidate))
    warnings.push(...warningsAbout(candidate))
    const { location, look } = candidate
    if (look.ok)
      return { location, warnings: [...warnings, ...ephemeralWarning(location, surroundings.platform)] }
  }
  /* c8 ignore next -- the last candidate is always usable */
  throw new Error('there is no place for SQLite, not even memory')
}

function step({ location: { filename }, look, origin }: SqliteCandidate): TraceStep {
  const why = origin === '' || origin === filename ? look.why : `${look.why} (${origin})`
  return { subject: filename, outcome: look.ok ? 'taken' : 'refused', why }
}

/** A place that somebody chose, and a file that holds something, are not passed over in silence. */
function warningsAbout({ location, origin, isPrivate, look, problem: refusal }: SqliteCandidate): Problem[] {
  const isChosen = origin !== '' && !isPrivate
  const isDamaged = !look.ok && (look.code === 'sqlite-corrupt' || look.code === 'sqlite-not-a-database')
  return [
    ...(refusal && (isChosen || isDamaged) ? [refusal] : []),
    ...(look.hasRows ? [problem('fallback-has-data', { target: describeFile(location.filename) })] : []),
  ]
}
