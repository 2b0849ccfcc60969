import { problemCatalogue } from '../problem/catalogue.ts'
import { problem, type Problem } from '../problem/problem.ts'
import type { ResolveOptions, SqliteLocation, TraceStep } from './config.ts'
import type { Environment } from './environment.ts'
import { eachCandidate, type SqliteCandidate } from './fallback-candidates.ts'
import { describeFile, ephemeralWarning, lookAround } from './sqlite-location.ts'

/** Where the fallback will live, as far as looking tells. */
export interface ChosenLocation {
  readonly location: SqliteLocation
  readonly warnings: readonly Problem[]
  /** Present where no place can be used. */
  readonly problem?: Problem
}

/**
 * Takes the first place for the fallback that looks usable.
 *
 * @returns the place, with warnings about what is lost there, or was left behind on the way.
 */
export function chooseLocation(
  options: ResolveOptions,
  env: Environment,
  trace: TraceStep[],
): ChosenLocation {
  const machine = lookAround(env)
  const seen: SqliteCandidate[] = []
  for (const candidate of eachCandidate(options, machine)) {
    seen.push(candidate)
    if (candidate.look.ok) break
  }
  trace.push(...seen.map(step))
  const { location, look, problem: refusal } = seen.at(-1)!
  if (!look.ok) return { location, warnings: seen.slice(0, -1).flatMap(warningsAbout), problem: refusal! }
  const warnings = [...seen.flatMap(warningsAbout), ...ephemeralWarning(location, machine.platform)]
  return { location, warnings }
}

function step({ location: { filename }, look, origin }: SqliteCandidate): TraceStep {
  const why = origin === '' || origin === filename ? look.why : `${look.why} (${origin})`
  return { subject: filename, outcome: look.ok ? 'taken' : 'refused', why }
}

/** A place that somebody chose, and a file that holds something, are not passed over in silence. */
function warningsAbout({
  location,
  origin,
  isPrivate,
  look,
  warnings,
  problem: refusal,
}: SqliteCandidate): Problem[] {
  const isChosen = origin !== '' && !isPrivate
  const isDamaged = !look.ok && problemCatalogue[look.code].file === 'damaged'
  return [
    ...warnings,
    ...(refusal && (isChosen || isDamaged) ? [refusal] : []),
    ...(look.mayHoldRows ? [problem('fallback-has-data', { target: describeFile(location.filename) })] : []),
  ]
}
