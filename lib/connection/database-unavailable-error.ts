import { problem, type Problem } from '../problem/problem.ts'
import { ProblemError } from '../engine/problem-error.ts'
import { untilNextAttemptMs } from './next-attempt.ts'
import type { ConnectionState } from './state.ts'

/**
 * There is no database to ask now. `code` and `hint` say why and what to do; `state` is the state at that moment.
 *
 * @example
 * ```ts
 * await using database = openDatabase({ strategy: 'never', env: {} })
 * await database.ready().catch((error: DatabaseUnavailableError) => error.code) // 'missing'
 * ```
 */
export class DatabaseUnavailableError extends ProblemError {
  /** The name of the class, as it stands before the message in a stack. */
  override readonly name: string = 'DatabaseUnavailableError'
  /** The state of the database when the error was made. */
  readonly state: ConnectionState
  /** How long to wait before asking again, in milliseconds; absent if asking again cannot help. */
  readonly retryAfterMs?: number

  /** @param state - the state that the database is in. */
  constructor(state: ConnectionState) {
    super(problemIn(state))
    this.state = state
    const retryAfterMs = retryAfter(state)
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs
  }
}

/** What is wrong in a state in which there is no database. */
function problemIn(state: ConnectionState): Problem {
  if (state.problem) return state.problem
  if (state.status === 'closing' || state.status === 'closed')
    return problem('closed', { target: 'The database' })
  const why = state.status === 'connecting' ? 'is still connecting' : 'was not connected yet'
  return {
    code: 'server-starting',
    message: `The database ${why}.`,
    hint: 'Await ready() before the first query.',
  }
}

const soonMs = 1000

function retryAfter(state: ConnectionState): number | undefined {
  return state.status === 'idle' || state.status === 'connecting' ? soonMs : untilNextAttemptMs(state)
}
