import type { AppMiddleware } from './context.ts'
import { HttpProblem } from './http-problem.ts'

/** Once the service is to stop: it is not ready, and it asks each client to close its connection. */
export function stopping(stop: AbortSignal): AppMiddleware {
  return async (ctx, next) => {
    if (stop.aborted && ctx.path === '/health/ready') {
      throw new HttpProblem(503, { detail: 'The service is stopping.' })
    }
    await next()
    if (stop.aborted) ctx.set('Connection', 'close')
  }
}
