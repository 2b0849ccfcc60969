import type { Problem } from '../problem/problem.ts'
import type { ServerTarget } from '../url/target.ts'
import type { Source, TraceStep } from './config.ts'
import type { Search } from './find-source.ts'
import { readPasswordBesideUrl } from './password-beside-url.ts'
import { readTlsBesideUrl } from './tls-beside-url.ts'

/** A target with what was said of it elsewhere than in its address; or what cannot be used of that. */
export interface CompleteTarget {
  readonly target: ServerTarget
  readonly warnings: readonly Problem[]
  readonly problem: Problem | undefined
}

/** Adds to an address what variables beside it say: the password that it lacks, and encryption. */
export function completeTarget(
  search: Search,
  source: Source,
  target: ServerTarget,
  trace: TraceStep[],
): CompleteTarget {
  const unlocked = readPasswordBesideUrl(search, source, target, trace)
  const encrypted = readTlsBesideUrl(search, source, unlocked.target)
  return {
    target: encrypted.target,
    warnings: [...unlocked.warnings, ...encrypted.warnings],
    problem: unlocked.problem ?? encrypted.problem,
  }
}
