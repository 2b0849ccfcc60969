import type { Knex } from 'knex'

/** What the middleware needs of a Koa context; the types of Koa itself are not needed. */
export interface KoaContext {
  readonly method: string
  readonly path: string
  status: number
  body?: unknown
  /** The engine's own knex, or the transaction of this request. */
  db?: Knex
  readonly res: {
    readonly writableFinished: boolean
    once(event: 'close', listener: () => void): unknown
    removeListener(event: 'close', listener: () => void): unknown
  }
  set(field: string, value: string): void
}

/** A Koa middleware. */
export type Middleware = (context: KoaContext, next: () => Promise<unknown>) => Promise<void>
