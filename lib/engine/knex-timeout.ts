import type { KnexTimeoutClass } from './knex-client.ts'
import { ProblemError } from './problem-error.ts'

/** The same problem as an error that programs written for knex know: a wait for a connection that was over. Its `sql` and `bindings` come from knex. */
export function asKnexTimeout(error: ProblemError, KnexTimeoutError: KnexTimeoutClass): ProblemError {
  const { message, code, hint, cause } = error
  const timeout = new KnexTimeoutError(message)
  Object.assign(timeout, { code, hint })
  if (cause) Object.defineProperty(timeout, 'cause', { value: cause, configurable: true, writable: true })
  return ProblemError.adopt(timeout as ProblemError)
}
