import type { Database } from '../connection/database.ts'
import { checkOptions, oneOf, type OptionChecks } from '../url/option-checks.ts'
import type { KoaContext, Middleware } from './middleware.ts'

/** Whether a request that may change something gets a transaction. */
export interface SessionOptions {
  /** `unsafe-methods`: POST, PUT, PATCH and DELETE get one. Default: `none`. */
  readonly transaction?: 'none' | 'unsafe-methods'
}

const sessionOptions: OptionChecks<SessionOptions> = { transaction: oneOf(['none', 'unsafe-methods']) }

const unsafeMethods = ['POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Gives each request a database: `ctx.db` is the engine's own knex, held in place while the request runs, or a
 * transaction that commits when the answer is below 400 and rolls back otherwise. Whatever happens to the request,
 * nothing stays checked out.
 *
 * @param database - what to connect to; it is connected on the first request.
 * @throws TypeError that names a wrong option; `DatabaseUnavailableError` into the middleware before it, when there is no database.
 *
 * @example
 * ```ts
 * import Koa from 'koa'
 *
 * const app = new Koa()
 * app.use(databaseSession(openDatabase(), { transaction: 'unsafe-methods' }))
 * app.use(async (ctx) => {
 *   ctx.body = await ctx.db('tasks')
 * })
 * ```
 */
export function databaseSession(database: Database, options: SessionOptions = {}): Middleware {
  checkOptions('options', options, sessionOptions)
  const withTransaction = options.transaction === 'unsafe-methods'
  return async (context, next) =>
    await whileClientWaits(context, (signal) =>
      database.session(
        async (knex) => {
          context.db = knex
          await next()
        },
        {
          transaction: withTransaction && unsafeMethods.includes(context.method),
          commitIf: () => context.status < 400,
          signal,
        },
      ),
    )
}

/** Gives up on a request when its client is gone: what it waits for may never come. */
async function whileClientWaits(
  { res }: KoaContext,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const gone = new AbortController()
  const onClose = (): void => {
    if (!res.writableFinished) gone.abort(clientGone())
  }
  res.once('close', onClose)
  try {
    await work(gone.signal)
  } finally {
    res.removeListener('close', onClose)
  }
}

/** `expose` keeps Koa from reporting it as an error of the program. */
function clientGone(): Error {
  return Object.assign(new Error('The client went away before the answer'), { status: 499, expose: true })
}
