import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Koa from 'koa'
import type { Knex } from 'knex'
import type { Test } from 'tap'
import { DatabaseUnavailableError, openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { databaseSession, type SessionOptions } from 'failsoft/koa'
import { clientOf } from '#lib/engine/knex-client.js'
import { measure } from '../awake.js'

export type Handler = (context: Koa.Context & { db: Knex }) => Promise<void>

/** An app of one handler behind the session, over real HTTP. */
export interface Served {
  readonly url: string
  readonly database: Database
  readonly errors: unknown[]
}

/** Serves a handler behind the session, on the database of the URL. */
export async function serve(
  t: Test,
  databaseUrl: string,
  handler: Handler,
  options: SessionOptions = {},
  open: OpenOptions = {},
): Promise<Served> {
  const database = openDatabase({
    env: { DATABASE_URL: databaseUrl },
    log: () => {},
    strategy: 'never',
    ...open,
  })
  const errors: unknown[] = []
  const app = new Koa()
  app.on('error', (error) => errors.push(error))
  app.use(async (context, next) => {
    try {
      await next()
    } catch (error) {
      errors.push(error)
      context.status = error instanceof DatabaseUnavailableError ? 503 : 500
      context.body = { code: (error as { code?: string }).code }
    }
  })
  app.use(databaseSession(database, options) as Koa.Middleware)
  app.use(handler as unknown as Koa.Middleware)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await database.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, database, errors }
}

/** How many connections are checked out. */
export const usedConnections = async (database: Database): Promise<number> =>
  clientOf(await database.ready()).pool?.numUsed() ?? 0

/** Waits until each connection is back, for a second at most. */
export async function settle(database: Database): Promise<void> {
  for (let tries = 0; tries < 100 && (await usedConnections(database)) > 0; tries++) await sleep(10)
}

/** Makes an empty table of numbers. */
export async function table(database: Database, name: string): Promise<void> {
  const knex = await database.ready()
  await knex.schema.dropTableIfExists(name)
  await knex.schema.createTable(name, (column) => column.integer('n'))
}

/** Sends requests of every kind, over 32 clients, and looks that no connection stays checked out. */
export async function sendMixedRequests(t: Test, databaseUrl: string, count: number): Promise<void> {
  const { url, database } = await serve(
    t,
    databaseUrl,
    async (context) => {
      const kind = context.query['kind']
      if (kind === 'throw') throw new Error('thrown')
      await context.db('mixed').insert({ n: 1 })
      if (kind === 'slow') await sleep(5)
      if (kind === 'nested') await context.db.transaction((trx) => trx('mixed').insert({ n: 2 }))
      if (kind === 'broken') await context.db.raw('select nonsense from nowhere')
      context.status = kind === 'refused' ? 409 : 200
      context.body = 'done'
    },
    { transaction: 'unsafe-methods' },
  )
  await table(database, 'mixed')
  const kinds = ['plain', 'throw', 'slow', 'nested', 'broken', 'refused', 'abort', 'plain', 'plain', 'get']
  let next = 0
  const client = async (): Promise<void> => {
    while (next < count) {
      const kind = kinds[next++ % kinds.length] as string
      const signal = kind === 'abort' ? AbortSignal.timeout(1) : null
      await fetch(`${url}?kind=${kind}`, { method: kind === 'get' ? 'GET' : 'POST', signal })
        .then((response) => response.arrayBuffer())
        .catch(() => undefined)
    }
  }
  await Promise.all(Array.from({ length: 32 }, client))
  await settle(database)
  t.equal(await usedConnections(database), 0)
  t.match(database.state, { status: 'connected', generation: 1 })
  const pin = await database.pin()
  pin.release()
  t.ok((await measure(() => database.close())).awakeMs < 1000, 'and the close waits for nobody')
}
