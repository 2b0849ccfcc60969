import type { ProblemCode } from '../problem/catalogue.ts'
import type { Cause } from '../problem/cause.ts'
import type { Problem } from '../problem/problem.ts'
import { describeCause } from './errors/describe-cause.ts'

/**
 * A {@link Problem} that is thrown, because the caller waits for a promise.
 *
 * @example
 * ```ts
 * await using database = openDatabase({ env: { DATABASE_URL: 'sqlite::memory:' } })
 * const knex = await database.ready()
 * const work = knex.transaction(async () => knex('tasks').insert({ title: 'beside it' }))
 * await work.catch((error: ProblemError) => error.code) // 'query-outside-transaction'
 * ```
 */
export class ProblemError extends Error {
  static readonly #adopted = new WeakSet<object>()
  /** The name of the class, as it stands before the message in a stack. */
  override readonly name: string = 'ProblemError'
  /** Stable, as in `problemCatalogue`. */
  readonly code: ProblemCode
  /** What to do about it. */
  readonly hint: string
  /** What led to it, reduced to what is safe to print. */
  declare readonly cause?: Cause

  /**
   * @param problem - what is wrong.
   * @param options - `cause`: the first error that led to it, if the problem names none.
   */
  constructor(problem: Problem, options: { readonly cause?: unknown } = {}) {
    const cause = problem.cause ?? (options.cause === undefined ? undefined : describeCause(options.cause))
    super(problem.message, cause === undefined ? {} : { cause })
    this.code = problem.code
    this.hint = problem.hint
  }
  /** True also for knex's `KnexTimeoutError` of a wait for a connection that was over, which carries the same fields. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const isOwn = Function.prototype[Symbol.hasInstance].call(this, value)
    return isOwn || (this === ProblemError && ProblemError.#adopted.has(value as object))
  }

  /**
   * Has an error of another class, with all that this one has, count as one.
   *
   * @internal
   */
  static adopt(error: ProblemError): ProblemError {
    ProblemError.#adopted.add(error)
    return error
  }
}

/** The problem that an error carries. */
export function problemOf({ code, message, hint, cause }: ProblemError): Problem {
  return { code, message, hint, ...(cause && { cause }) }
}
