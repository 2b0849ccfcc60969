import type { Database } from 'failsoft/knex'
import type { AppMiddleware } from './context.ts'

/**
 * Says on each answer what the database was doing when it was given, and that it may be kept, but not used again unasked; once the
 * service is to stop, also asks each client to close its connection with it.
 */
export function answerHeaders(database: Database, stop: AbortSignal): AppMiddleware {
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'no-cache')
    await next()
    ctx.set('X-Database-State', database.state.status)
    if (stop.aborted) ctx.set('Connection', 'close')
  }
}
