import type { AppMiddleware } from './context.ts'

/** Once the service is to stop, asks each client to close its connection with the answer. */
export function closeWhenStopping(stop: AbortSignal): AppMiddleware {
  return async (ctx, next) => {
    await next()
    if (stop.aborted) ctx.set('Connection', 'close')
  }
}
