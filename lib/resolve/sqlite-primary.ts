import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import type { Problem } from '../problem/problem.ts'
import type { SqliteTarget } from '../url/target.ts'
import type { Search } from './find-source.ts'
import { readReplica, unfitForReplica, unfitParameter } from './replica.ts'
import { ephemeralWarning, locate, lookAround } from './sqlite-location.ts'

/** What the disk says about a SQLite file that is configured. */
export interface PrimaryLook {
  readonly target: SqliteTarget
  readonly warnings: readonly Problem[]
  /** Present where the path has two readings, and the wrong one would lose data; and where the file cannot be copied as it should be. */
  readonly problem?: Problem
}

/**
 * Looks at a configured SQLite file. What its path means must not depend on where the engine is made, so that it becomes absolute
 * when the program names another directory than its own.
 *
 * @param source - the option or the variable that names it.
 */
export function lookAtPrimary(
  target: SqliteTarget,
  warnings: readonly Problem[],
  search: Search,
  source: string,
): PrimaryLook {
  const { filename } = target
  const { cwd, env, options } = search
  const slashes = warnings.find(({ code }) => code === 'sqlite-slashes')
  if (slashes && hasTwoReadings(filename, cwd)) {
    return { target, problem: slashes, warnings: warnings.filter((warning) => warning !== slashes) }
  }
  const path = filename === ':memory:' ? filename : resolve(cwd, filename)
  const machine = lookAround(env)
  const location = locate(path, machine)
  const replica = readReplica(options, env)
  if (replica) {
    const obstacle = replica.ok
      ? (unfitForReplica(location, source) ?? unfitParameter(target.params, source))
      : replica.problem
    if (obstacle) return { target, problem: obstacle, warnings }
  }
  if (filename === ':memory:') return { target, warnings }
  const ephemeral = replica ? [] : ephemeralWarning(location, machine.platform)
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
