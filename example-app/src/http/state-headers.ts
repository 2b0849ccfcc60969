import type { Database } from 'failsoft/knex'
import type { AppMiddleware } from './context.ts'

/**
 * Says on each answer what the database was doing when it was given; once the service is to stop, also asks each client to close its
 * connection with it.
 */
export function stateHeaders(database: Database, stop: AbortSignal): AppMiddleware {
  return async (ctx, next) => {
    await next()
    ctx.set('X-Database-State', database.state.status)
    if (stop.aborted) ctx.set('Connection', 'close')
  }
}
