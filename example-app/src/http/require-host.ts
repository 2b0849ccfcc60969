import type { AppMiddleware } from './context.ts'
import { HttpProblem } from './http-problem.ts'

/** Refuses what does not say for which host it is, as HTTP/1.1 asks (RFC 9112, 3.2). */
export const requireHost: AppMiddleware = async ({ req }, next) => {
  if (req.headers.host === undefined && req.httpVersion !== '1.0')
    throw new HttpProblem(400, { detail: 'The request needs a Host header.' })
  await next()
}
