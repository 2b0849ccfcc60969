import type { Database } from 'failsoft/knex'
import type { AppMiddleware } from './context.ts'

/** Says on each answer what the database was doing when it was given. */
export function databaseStateHeader(database: Database): AppMiddleware {
  return async (ctx, next) => {
    await next()
    ctx.set('X-Database-State', database.state.status)
  }
}
