import type Koa from 'koa'
import type { Knex } from 'knex'

/** What this app's middleware puts on a request. */
export interface AppContext extends Koa.Context {
  /** What tells its lines in the log from those of others. */
  requestId: string
  /** The database of this request, on routes that ask for it: a transaction where the route wants one. */
  db: Knex
  /** The validated query, with defaults filled in and values converted. */
  validQuery: unknown
  /** The parts of the path that the route names. */
  params: Record<string, string>
}

/** Middleware of this app. */
export type AppMiddleware = (ctx: AppContext, next: () => Promise<void>) => Promise<void>
