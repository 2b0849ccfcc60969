import type { Knex } from 'knex'

/** What the middleware needs of a Koa context; the types of Koa itself are not needed. */
export interface KoaContext {
  /** The method of the request, in capital letters. */
  readonly method: string
  /** The path of the request, without the query. */
  readonly path: string
  /** The status of the answer. */
  status: number
  /** The body of the answer. */
  body?: unknown
  /** The engine's own knex, or the transaction of this request. */
  db?: Knex
  /** Node's own response, which tells when the client is gone. */
  readonly res: {
    /** Whether the whole answer was handed over. */
    readonly writableFinished: boolean
    /** Whether the answer, or the connection to its client, has ended already. */
    readonly destroyed?: boolean
    /** Listens for the end of the answer or of the connection to its client. */
    once(event: 'close', listener: () => void): unknown
    /** Stops listening. */
    removeListener(event: 'close', listener: () => void): unknown
  }
  /** Sets a header of the answer. */
  set(field: string, value: string): void
}

/**
 * What `databaseSession` adds to a context, for `new Koa<DefaultState, SessionContext>()` and `new Router<DefaultState, SessionContext>()`.
 *
 * @example
 * ```ts
 * import Router from '@koa/router'
 * import Koa, { type DefaultState } from 'koa'
 *
 * const router = new Router<DefaultState, SessionContext>()
 * router.get('/tasks', async (ctx) => void (ctx.body = await ctx.db('tasks').select('title')))
 * const app = new Koa<DefaultState, SessionContext>()
 * app.use(databaseSession(openDatabase())).use(router.routes())
 * ```
 */
export interface SessionContext {
  /** The engine's own knex, or the transaction of this request. */
  db: Knex
}

/** A Koa middleware. */
export type Middleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<void>
