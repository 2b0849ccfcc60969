import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Koa from 'koa'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { DatabaseUnavailableError, openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { databaseSession, type SessionOptions } from 'failsoft/koa'
import { clientOf } from '#lib/engine/knex-client.js'
import { startPostgres } from '../servers/postgres.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())

type Handler = (context: Koa.Context & { db: Knex }) => Promise<void>

interface Served {
  readonly url: string
  readonly database: Database
  readonly errors: unknown[]
}

async function serve(
  t: Test,
  handler: Handler,
  options: SessionOptions = {},
  open: OpenOptions = {},
): Promise<Served> {
  const database = openDatabase({
    env: { DATABASE_URL: postgres.url },
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

const usedConnections = async (database: Database): Promise<number> =>
  clientOf(await database.ready()).pool?.numUsed() ?? 0

async function settle(database: Database): Promise<void> {
  for (let tries = 0; tries < 100 && (await usedConnections(database)) > 0; tries++) await sleep(10)
}

async function table(database: Database, name: string): Promise<void> {
  const knex = await database.ready()
  await knex.schema.dropTableIfExists(name)
  await knex.schema.createTable(name, (column) => column.integer('n'))
}

t.test('each request gets the engine, connected on the first one', async (t) => {
  const { url, database } = await serve(t, async (context) => {
    context.body = await context.db.select(context.db.raw('1 as one'))
  })
  t.equal(database.state.status, 'idle')
  t.same(await (await fetch(url)).json(), [{ one: 1 }])
  t.equal(database.state.status, 'connected')
})

t.test('a transaction follows the answer', async (t) => {
  const { url, database } = await serve(
    t,
    async (context) => {
      await context.db('answers').insert({ n: Number(context.query['n']) })
      if (context.query['throw']) throw new Error('thrown')
      context.status = Number(context.query['status'] ?? 200)
      context.body = {
        isTransaction: Boolean((context.db as Knex & { isTransaction?: boolean }).isTransaction),
      }
    },
    { transaction: 'unsafe-methods' },
  )
  await table(database, 'answers')
  for (const { name, method, query, isKept } of [
    { name: 'POST and 200', method: 'POST', query: 'n=1', isKept: true },
    { name: 'PUT and 303', method: 'PUT', query: 'n=2&status=303', isKept: true },
    { name: 'PATCH and 404', method: 'PATCH', query: 'n=3&status=404', isKept: false },
    { name: 'DELETE and 500', method: 'DELETE', query: 'n=4&status=500', isKept: false },
    { name: 'POST that throws', method: 'POST', query: 'n=5&throw=1', isKept: false },
    { name: 'GET has none', method: 'GET', query: 'n=6&status=404', isKept: true },
  ]) {
    const n = Number(/n=(\d)/.exec(query)?.[1])
    await (await fetch(`${url}?${query}`, { method, redirect: 'manual' })).arrayBuffer()
    t.equal((await database.knex('answers').where({ n })).length === 1, isKept, name)
  }
  t.equal(await usedConnections(database), 0)
})

t.test('a commit that fails is an error, not an answer', async (t) => {
  const { url, database, errors } = await serve(
    t,
    async (context) => {
      await context.db.raw('insert into child (parent) values (42)')
      context.body = 'acknowledged'
    },
    { transaction: 'unsafe-methods' },
  )
  const knex = await database.ready()
  await knex.raw(
    'drop table if exists child; drop table if exists parent; create table parent (id integer primary key)',
  )
  await knex.raw('create table child (parent integer references parent deferrable initially deferred)')
  t.equal((await fetch(url, { method: 'POST' })).status, 500)
  t.match(errors, [{ code: '23503' }])
})

t.test('without a database the request is refused, and nothing runs', async (t) => {
  const { url, errors } = await serve(t, async () => void t.fail('must not run'), {}, { env: {} })
  const answer = await fetch(url)
  t.equal(answer.status, 503)
  t.same(await answer.json(), { code: 'missing' })
  t.match(errors, [{ name: 'DatabaseUnavailableError' }])
})

for (const transaction of ['none', 'unsafe-methods'] as const) {
  t.test(`a client that goes away leaves nothing checked out (${transaction})`, async (t) => {
    let entered = (): void => {}
    const isIn = new Promise<void>((resolve) => (entered = resolve))
    const { url, database } = await serve(
      t,
      async (context) => {
        await context.db('gone').insert({ n: 1 })
        entered()
        await new Promise<void>(() => {})
      },
      { transaction },
    )
    await table(database, 'gone')
    const controller = new AbortController()
    const request = fetch(url, { method: 'POST', signal: controller.signal }).catch(() => 'aborted')
    await isIn
    controller.abort()
    t.equal(await request, 'aborted')
    await settle(database)
    t.equal(await usedConnections(database), 0)
    t.equal((await database.knex('gone')).length, transaction === 'none' ? 1 : 0)
    await database.close({ timeoutMs: 100 })
    t.equal(database.state.status, 'closed')
  })
}

t.test('10,000 mixed requests end with no connection checked out', { timeout: 110_000 }, async (t) => {
  const { url, database } = await serve(
    t,
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
    while (next < 10_000) {
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
  const started = performance.now()
  await database.close()
  t.ok(performance.now() - started < 1000, 'and the close waits for nobody')
})
