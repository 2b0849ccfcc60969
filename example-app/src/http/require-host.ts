import type { AppMiddleware } from './context.ts'
import { HttpProblem } from './http-problem.ts'

/** Refuses what does not say once for which host it is, as HTTP/1.1 asks (RFC 9112, 3.2), and what names nothing there. */
export const requireHost: AppMiddleware = ({ req, path }, next) => {
  const hosts = req.headersDistinct['host']?.length ?? 0
  if (hosts !== 1 && req.httpVersion !== '1.0')
    throw new HttpProblem(400, { detail: 'The request needs a Host header, and only one.' })
  // Of "http://" nothing is left.
  if (!path) throw new HttpProblem(400, { detail: 'The request needs a path.' })
  return next()
}
