import type Koa from 'koa'
import type { Knex } from 'knex'
import type { Logger } from 'pino'

/** What this app's middleware puts on a request. */
export interface AppContext extends Koa.Context {
  /** Logs with the id of the request. */
  log: Logger
  /** The database of this request, on routes that ask for it: a transaction where the route wants one. */
  db: Knex
  /** The validated query, with defaults filled in and values converted. */
  validQuery: unknown
  /** The parts of the path that the route names. */
  params: Record<string, string>
}

/** Middleware of this app. */
export type AppMiddleware = (ctx: AppContext, next: Koa.Next) => Promise<void>
