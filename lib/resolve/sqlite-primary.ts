import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import type { SqliteTarget } from '../url/target.ts'
import type { Environment } from './environment.ts'
import { ephemeralWarning, locate, lookAround } from './sqlite-location.ts'

/** What the disk says about a SQLite file that is configured. */
export interface PrimaryLook {
  readonly target: SqliteTarget
  readonly warnings: readonly Problem[]
  /** Present where the path has two readings, and the wrong one would lose data. */
  readonly problem?: Problem
}

/**
 * Looks at a configured SQLite file. What its path means must not depend on where the engine is made, so that it becomes absolute
 * when the program names another directory than its own.
 */
export function lookAtPrimary(
  target: SqliteTarget,
  warnings: readonly Problem[],
  cwd: string,
  env: Environment,
): PrimaryLook {
  const { filename } = target
  if (filename === ':memory:') return { target, warnings }
  const slashes = warnings.find(({ code }) => code === 'sqlite-slashes')
  if (slashes && hasTwoReadings(filename, cwd)) {
    return { target, problem: slashes, warnings: warnings.filter((warning) => warning !== slashes) }
  }
  const path = resolve(cwd, filename)
  const machine = lookAround(env)
  const ephemeral = ephemeralWarning(locate(path, machine), machine.platform)
  const isElsewhere = !isAbsolute(filename) && resolve(filename) !== path
  return {
    target: isElsewhere ? { ...target, filename: path } : target,
    warnings: [...warnings, ...ephemeral],
  }
}

/** `sqlite:///data/x.db` where `/data` exists and `./data` does not. */
function hasTwoReadings(filename: string, cwd: string): boolean {
  const [first, ...rest] = filename.split('/')
  return first !== undefined && rest.length > 0 && existsSync(`/${first}`) && !existsSync(join(cwd, first))
}
