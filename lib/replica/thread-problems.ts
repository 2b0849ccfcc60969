import { describeCause } from '../engine/errors/describe-cause.ts'
import type { SqliteDriver } from '../engine/sqlite/driver-names.ts'
import { problem, type Problem } from '../problem/problem.ts'

/** The thread of a replica ended by itself. */
export function threadFailed(error: unknown): Problem {
  return problem(
    'unknown-error',
    { target: 'The replica of the SQLite file' },
    { cause: describeCause(error) },
  )
}

/** A driver that a thread of its own cannot load. */
export function driverElsewhere(name: SqliteDriver): Problem {
  const missing = problem('driver-missing', { target: 'The replica of the SQLite file', package: name })
  return {
    ...missing,
    hint: `${missing.hint}. Its thread loads the driver by its name: a module that is handed over does not reach it.`,
  }
}
