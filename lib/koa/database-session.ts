import type { Knex } from 'knex'
import type { Database } from '../connection/database.ts'
import type { KoaContext, Middleware } from './middleware.ts'

/** Whether a request that may change something gets a transaction. */
export interface SessionOptions {
  /** `unsafe-methods`: POST, PUT, PATCH and DELETE get one. Default: `none`. */
  readonly transaction?: 'none' | 'unsafe-methods'
}

const unsafeMethods = ['POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Gives each request a database: `ctx.db` is the engine's own knex, held in place while the request runs, or a
 * transaction that commits when the answer is below 400 and rolls back otherwise. Whatever happens to the request,
 * nothing stays checked out.
 *
 * @param database - what to connect to; it is connected on the first request.
 * @throws `DatabaseUnavailableError` into the middleware before it, when there is no database.
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
  const withTransaction = options.transaction === 'unsafe-methods'
  return async (context, next) => {
    const pin = await database.pin()
    try {
      const run =
        withTransaction && unsafeMethods.includes(context.method) ? inTransaction : withoutTransaction
      await run(pin.knex, context, next)
    } finally {
      pin.release()
    }
  }
}

type Next = () => Promise<unknown>

function withoutTransaction(knex: Knex, context: KoaContext, next: Next): Promise<void> {
  context.db = knex
  return whileClientWaits(context, next)
}

/** Carries an answer of 400 or more out of a transaction that must roll back, and no further. */
class RolledBack extends Error {}

async function inTransaction(knex: Knex, context: KoaContext, next: Next): Promise<void> {
  try {
    await knex.transaction(async (trx) => {
      context.db = trx
      await whileClientWaits(context, next)
      if (context.status >= 400) throw new RolledBack()
    })
  } catch (error) {
    if (!(error instanceof RolledBack)) throw error
  }
}

/** Gives up on a request when its client is gone: what it waits for may never come. */
async function whileClientWaits({ res }: KoaContext, next: Next): Promise<void> {
  let onClose!: () => void
  try {
    await new Promise((resolve, reject) => {
      onClose = () => {
        if (!res.writableFinished) reject(clientGone())
      }
      res.once('close', onClose)
      next().then(resolve, reject)
    })
  } finally {
    res.removeListener('close', onClose)
  }
}

/** `expose` keeps Koa from reporting it as an error of the program. */
function clientGone(): Error {
  return Object.assign(new Error('The client went away before the answer'), { status: 499, expose: true })
}
