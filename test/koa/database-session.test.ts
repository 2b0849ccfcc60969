import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Koa from 'koa'
import type { Knex } from 'knex'
import t from 'tap'
import { openDatabase } from 'failsoft/knex'
import { databaseSession } from 'failsoft/koa'
import { compileExamples } from '../docs/examples.ts'
import { startPostgres } from '../servers/postgres.js'
import { sendMixedRequests, serve, settle, table, usedConnections } from './session.ts'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())

t.test('ctx.db is typed, in Koa and in its router', async (t) => {
  const make = `import Router from '@koa/router'
    import type { SessionContext } from 'failsoft/koa'
    import Koa, { type DefaultState } from 'koa'
    new Koa<DefaultState, SessionContext>().use(async (ctx) => void ctx.db('tasks').PART)
    new Router<DefaultState, SessionContext>().get('/', async (ctx) => void ctx.db('tasks').PART)`
  const compiled = compileExamples({
    right: make.replaceAll('PART', "select('title')"),
    wrong: make.replaceAll('PART', 'selekt()'),
  })
  t.teardown(compiled.remove)
  t.equal(compiled.complaints.length, 2)
  for (const complaint of compiled.complaints) t.match(complaint, /wrong\.mts.*'selekt' does not exist/)
})

t.test('each request gets the engine, connected on the first one', async (t) => {
  const { url, database } = await serve(t, postgres.url, async (context) => {
    context.body = await context.db.select(context.db.raw('1 as one'))
  })
  t.equal(database.state.status, 'idle')
  t.same(await (await fetch(url)).json(), [{ one: 1 }])
  t.equal(database.state.status, 'connected')
})

t.test('a transaction follows the answer', async (t) => {
  const { url, database } = await serve(
    t,
    postgres.url,
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
    postgres.url,
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
  const { url, errors } = await serve(
    t,
    postgres.url,
    async () => void t.fail('must not run'),
    {},
    { env: {} },
  )
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
      postgres.url,
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

t.test('a client that goes away while the database is silent is waited for no more', async (t) => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const { port } = silent.address() as AddressInfo
  const { url, database, errors } = await serve(
    t,
    `postgres://app@127.0.0.1:${port}/app`,
    async () => void t.fail('must not run'),
    {},
    { connectTimeoutMs: 60_000, bootDeadlineMs: 60_000 },
  )
  const controller = new AbortController()
  const request = fetch(url, { signal: controller.signal }).catch(() => 'aborted')
  while (database.state.status !== 'connecting') await sleep(10)
  controller.abort()
  t.equal(await request, 'aborted')
  while (errors.length === 0) await sleep(10)
  t.match(errors, [{ status: 499 }])
  t.equal(database.state.status, 'connecting', 'which goes on for others')
  await database.close({ timeoutMs: 100 })
})

t.test('the work of a client that went away before it began is not done', async (t) => {
  const database = openDatabase({ url: 'sqlite::memory:', strategy: 'never', log: () => {} })
  t.teardown(() => database.close())
  const errors: unknown[] = []
  const app = new Koa().on('error', () => undefined)
  app.use(async (context, next) => {
    await once(context.res, 'close')
    await next().catch((error: unknown) => errors.push(error))
  })
  app.use(databaseSession(database, { transaction: 'unsafe-methods' }) as Koa.Middleware)
  app.use(() => void t.fail('must not run'))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const signal = AbortSignal.timeout(100)
  await t.rejects(fetch(`http://127.0.0.1:${port}/`, { method: 'POST', signal }))
  for (let tries = 0; tries < 100 && errors.length === 0; tries++) await sleep(10)
  t.match(errors, [{ status: 499 }])
})

t.test('500 mixed requests end with no connection checked out', async (t) =>
  sendMixedRequests(t, postgres.url, 500),
)
