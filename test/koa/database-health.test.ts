import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import t, { type Test } from 'tap'
import { openDatabase, type OpenOptions } from 'failsoft/knex'
import { databaseHealth, type HealthOptions } from 'failsoft/koa'

async function serve(
  t: Test,
  open: OpenOptions,
  options?: HealthOptions,
): Promise<{ get(path: string, method?: string): Promise<Response> }> {
  const database = openDatabase({ cwd: t.testdir(), log: () => {}, ...open })
  const app = new Koa()
  app.use(databaseHealth(database, options) as Koa.Middleware)
  app.use(async (context) => {
    context.body = 'the app'
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  await database.connect()
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await database.close()
  })
  const { port } = server.address() as AddressInfo
  return { get: (path, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method }) }
}

const memory = { env: { DATABASE_URL: 'sqlite::memory:' } }
const fallback = { env: {}, strategy: 'always' } as const
const nothing = { env: {}, strategy: 'never' } as const

t.test('readiness follows the state, liveness does not', async (t) => {
  for (const { name, open, options, status, ready } of [
    { name: 'connected', open: memory, options: {}, status: 'pass', ready: 200 },
    { name: 'fallback', open: fallback, options: {}, status: 'warn', ready: 200 },
    {
      name: 'fallback, strictly',
      open: fallback,
      options: { readiness: 'strict' },
      status: 'warn',
      ready: 503,
    },
    { name: 'unavailable', open: nothing, options: {}, status: 'fail', ready: 503 },
  ] as const) {
    await t.test(name, async (t) => {
      const { get } = await serve(t, open, options)
      const answer = await get('/health/ready')
      t.equal(answer.status, ready)
      t.equal(answer.headers.get('content-type'), 'application/health+json')
      t.equal(answer.headers.get('cache-control'), 'no-store')
      t.match(await answer.json(), {
        status,
        checks: { 'database:connection': [{ componentType: 'datastore', status }] },
      })
      t.equal((await get('/health/live')).status, 200)
    })
  }
})

t.test('only its own paths and methods are answered', async (t) => {
  const { get } = await serve(t, memory, { live: '/alive', ready: '/able' })
  for (const { path, method, want } of [
    { path: '/alive', method: 'GET', want: '{"status":"pass","checks":{}}' },
    { path: '/able?verbose', method: 'HEAD', want: '' },
    { path: '/able', method: 'POST', want: 'the app' },
    { path: '/health/ready', method: 'GET', want: 'the app' },
  ]) {
    const answer = await get(path, method)
    t.equal(answer.status, 200)
    t.equal(await answer.text(), want, `${method} ${path}`)
  }
})

t.test('health names no host, user or path', async (t) => {
  const { get } = await serve(t, {
    env: { DATABASE_URL: 'postgres://canary:canary@127.0.0.1:1/canary', DATABASE_FALLBACK: 'always' },
  })
  const text = await (await get('/health/ready')).text()
  t.notMatch(text, /canary|127\.0\.0\.1|failsoft\.db/)
  t.match(text, /connection-refused/)
})
