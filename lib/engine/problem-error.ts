import type { ProblemCode } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'
import { describeCause, type Cause } from './errors/describe-cause.ts'

/** A {@link Problem} on its way through code that rejects. */
export class ProblemError extends Error {
  override readonly name: string = 'ProblemError'
  readonly code: ProblemCode
  readonly hint: string
  /** What the driver said, reduced to what is safe to print. */
  override readonly cause?: Cause

  constructor(problem: Problem, cause?: unknown) {
    super(problem.message)
    this.code = problem.code
    this.hint = problem.hint
    if (cause !== undefined) this.cause = describeCause(cause)
  }
}

/** The problem that an error carries. */
export function problemOf(error: ProblemError): Problem {
  return { code: error.code, message: error.message, hint: error.hint }
}
