import type { Knex } from 'knex'
import type { Database } from '../connection/database.ts'
import { checkOptions, oneOf, type OptionChecks } from '../url/option-checks.ts'
import type { KoaContext, Middleware } from './middleware.ts'

/** Which requests get a transaction. */
export interface SessionOptions {
  /** `unsafe-methods`: POST, PUT, PATCH and DELETE; `none`: no request. Default: `none`. */
  readonly transaction?: 'none' | 'unsafe-methods'
}

const sessionOptions: OptionChecks<SessionOptions> = { transaction: oneOf(['none', 'unsafe-methods']) }

const unsafeMethods = ['POST', 'PUT', 'PATCH', 'DELETE']

/**
 * Gives each request a database: `ctx.db` is the engine's own knex, which stays the same while the request runs, or a
 * transaction that commits if the status of the answer is below 400, and rolls back otherwise. Whatever happens to the
 * request, no connection stays checked out.
 *
 * @param database - what to connect to; it is connected on the first request.
 * @throws TypeError that names a wrong option. While there is no database, the middleware before this one gets a
 * `DatabaseUnavailableError`.
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
  return async (context, next) => {
    const client = new Client(context.res)
    const work = (knex: Knex): Promise<unknown> => {
      client.throwIfGone()
      context.db = knex
      return client.orGone(next())
    }
    const isTransaction = withTransaction && unsafeMethods.includes(context.method)
    const session = isTransaction
      ? database.session(work, { transaction: true, commitIf: () => context.status < 400 })
      : database.session(work)
    try {
      await client.orGone(session)
    } finally {
      client.forget()
    }
  }
}

/** The client of a request. When it is gone, nobody waits any more: what is waited for may never come. */
class Client {
  readonly #res: KoaContext['res']
  readonly #waiting: ((error: Error) => void)[] = []
  readonly #onClose = (): void => this.#end()
  #departure: Error | undefined

  constructor(res: KoaContext['res']) {
    this.#res = res
    res.once('close', this.#onClose)
    if (res.destroyed) this.#end()
  }

  /** Settles as the promise does, or rejects once the client is gone. */
  orGone<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push(reject)
      promise.then(resolve, reject)
    })
  }

  throwIfGone(): void {
    if (this.#departure) throw this.#departure
  }

  /** Watches the client no more. */
  forget(): void {
    this.#res.removeListener('close', this.#onClose)
  }

  #end(): void {
    if (this.#res.writableFinished) return
    const departure = (this.#departure = clientGone())
    for (const reject of this.#waiting) reject(departure)
  }
}

/** `expose` keeps Koa from reporting it as an error of the program. */
function clientGone(): Error {
  return Object.assign(new Error('The client went away before the answer'), { status: 499, expose: true })
}
