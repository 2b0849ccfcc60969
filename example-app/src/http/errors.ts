import { classifyError, DatabaseUnavailableError } from 'failsoft/knex'
import type { Logger } from 'pino'
import { publicProblem } from '../database/public-problem.ts'
import type { AppContext, AppMiddleware } from './context.ts'
import { HttpProblem } from './http-problem.ts'

/** Turns whatever goes wrong, and whatever nobody answered, into `application/problem+json`. */
export function answerErrors(logger: Logger): AppMiddleware {
  return async (ctx, next) => {
    try {
      await next()
      if (ctx.status === 404 && ctx.body === undefined) answer(ctx, notFound(ctx))
      else if (ctx.status === 405 || ctx.status === 501) answer(ctx, methodNotAllowed(ctx))
    } catch (error) {
      const problem = toProblem(error)
      const { requestId } = ctx
      if (problem.status === 503) logger.warn({ requestId, code: problem.details.code }, 'no database')
      if (problem.status === 500) logFailure(logger.child({ requestId }), error)
      answer(ctx, problem)
    }
  }
}

function answer(ctx: AppContext, problem: HttpProblem): void {
  ctx.status = problem.status
  ctx.set(problem.headers)
  ctx.set('Cache-Control', 'no-store')
  ctx.body = JSON.stringify(problem)
  ctx.type = 'application/problem+json'
}

function notFound(ctx: AppContext): HttpProblem {
  return new HttpProblem(404, { detail: `There is nothing at ${ctx.path}.` })
}

function methodNotAllowed(ctx: AppContext): HttpProblem {
  const allowed = ctx.response.get('Allow')
  const only = allowed && `, only ${allowed}`
  return new HttpProblem(ctx.status, { detail: `${ctx.method} is not possible here${only}.` })
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof DatabaseUnavailableError) return unavailable(error, error.retryAfterMs)
  const fault = clientError(error)
  if (fault) return fault
  const known = classifyError(error)
  // Not the fault of the query: the database is away, full, locked or read-only.
  if (known.kind !== 'unknown' && (known.kind !== 'query' || known.retryable)) return unavailable(known)
  return new HttpProblem(500, { detail: 'Something went wrong here. The log of the service says what.' })
}

/** The message of a failed query holds the query, and so what people wrote: that is for the most patient level only. */
function logFailure(log: Logger, error: unknown): void {
  const { kind, code, message } = classifyError(error)
  const isQuery = kind !== 'unknown'
  log.error(isQuery ? { code, reason: message, frames: framesOf(error) } : { err: error }, 'request failed')
  if (isQuery) log.trace({ err: error }, 'query failed')
}

function framesOf(error: unknown): string[] {
  return String((error as Error).stack)
    .split('\n')
    .filter((line) => /^ +at /.test(line))
    .map((line) => line.trim())
}

function unavailable(error: Parameters<typeof publicProblem>[0], retryAfterMs = 1_000): HttpProblem {
  const { code, message, hint } = publicProblem(error)
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  return new HttpProblem(503, { detail: message, code, hint }, { 'Retry-After': String(seconds) })
}

/** What the file server throws at a path that it refuses; its own words for it ("Malicious Path") help nobody. */
function clientError(error: unknown): HttpProblem | undefined {
  const { status, expose } = error as { status?: number; expose?: boolean }
  return expose && status
    ? new HttpProblem(status, { detail: 'This is no path that can be served.' })
    : undefined
}
