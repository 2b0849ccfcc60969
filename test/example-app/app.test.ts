import { EventEmitter, getEventListeners, once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { PassThrough } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { pino } from 'pino'
import { createApp } from 'example-app'
import { streamChanges } from 'example-app/database/events.js'
import type { AppContext } from 'example-app/http/context.js'
import { rememberStates } from 'example-app/database/history.js'
import type { Database } from 'failsoft/knex'
import { send } from './http-client.ts'
import { serve } from './serve.ts'

const memory = { url: 'sqlite::memory:' }
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

void t.test('putting the app together asks nothing of the database', async (t) => {
  const served = await serve({ ...memory, connect: false })
  t.teardown(served.close)
  t.equal(served.database.state.status, 'idle')
  const live = await send(served.url, 'GET', '/health/live')
  t.match(live, { status: 200, body: { status: 'pass' } })
  t.equal(live.headers.get('x-database-state'), 'idle')
  t.equal((await send(served.url, 'GET', '/health/ready')).status, 503)
  t.equal((await send(served.url, 'GET', '/tasks')).status, 200, 'the first task request connects')
  t.equal(served.database.state.status, 'connected')
})

void t.test('each answer carries the headers that a Space needs', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  for (const [method, path] of [
    ['GET', '/'],
    ['HEAD', '/'],
    ['GET', '/docs'],
    ['GET', '/docs/'],
    ['GET', '/docs/swagger-ui-bundle.js'],
    ['GET', '/database'],
    ['GET', '/main.js'],
    ['GET', '/tasks'],
    ['GET', '/nothing'],
    ['POST', '/tasks'],
    ['GET', '/health/live'],
    ['GET', '/health/ready'],
    ['GET', '/openapi.json'],
    ['GET', '/database/'],
    ['GET', '/docs/nothing'],
    ['OPTIONS', '/tasks'],
    ['DELETE', '/tasks'],
    ['PROPFIND', '/tasks'],
    ['GET', '/tasks?x=1'],
    ['GET', '/tasks/nothing'],
    ['GET', '/%zz'],
    ['POST', '/database/return'],
    ['POST', '/database/promote'],
    ['HEAD', '/database/events'],
  ] as const) {
    const { headers } = await send(served.url, method, path)
    const policy = headers.get('content-security-policy') ?? ''
    t.match(policy, "frame-ancestors 'self' https://huggingface.co https://*.hf.space", path)
    t.match(policy, "default-src 'self'", path)
    t.notMatch(policy, /unsafe|upgrade-insecure-requests/, path)
    t.equal(policy.includes('data:'), path.startsWith('/docs'), `${path}: images in the text of a page`)
    t.match(headers.get('cache-control'), /^no-(cache|store)$/, path)
    for (const absent of ['x-frame-options', 'strict-transport-security', 'set-cookie', 'x-powered-by']) {
      t.equal(headers.get(absent), null, `${path}: ${absent}`)
    }
    t.equal(headers.get('x-content-type-options'), 'nosniff', path)
    t.equal(headers.get('x-database-state'), 'connected', path)
    t.match(headers.get('x-request-id'), /^[\w-]{36}$/, path)
  }
})

void t.test('the page and its parts are served, with a validator', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  const page = await send(served.url, 'GET', '/')
  t.match(page, { status: 200, body: /<!doctype html>/ })
  t.match(page.headers.get('content-type'), /^text\/html/)
  const parts = [...String(page.body).matchAll(/(?:href|src)="(\/[^"/]+\.[^"/]+)"/g)].map(
    ([, path]) => path ?? '',
  )
  t.ok(parts.length >= 3)
  for (const path of parts) t.equal((await send(served.url, 'GET', path)).status, 200, path)
  const docs = await send(served.url, 'GET', '/docs')
  t.match(docs, { status: 200, body: /swagger-ui/ })
  t.equal((await send(served.url, 'GET', '/docs/')).body, docs.body)
  const head = await send(served.url, 'HEAD', '/')
  t.strictSame([head.status, head.body], [200, ''])
  t.equal(head.headers.get('content-length'), page.headers.get('content-length'))
  const again = await send(served.url, 'GET', '/', undefined, {
    'if-modified-since': page.headers.get('last-modified'),
    // Else fetch says no-cache.
    'cache-control': 'max-age=0',
  })
  t.equal(again.status, 304)
  for (const { path, status } of [
    { path: '/../src/main.ts', status: 404 },
    { path: '/..%2fsrc%2fmain.ts', status: 403 },
    { path: '/%2e%2e%2fpackage.json', status: 403 },
    { path: '/x%00', status: 400 },
    { path: '/%zz', status: 400 },
    { path: '/x', status: 404 },
    { path: '/constructor', status: 404 },
  ]) {
    const refused = await send(served.url, 'GET', path)
    t.match(refused, { status, body: { status, detail: String } }, path)
    t.match(refused.headers.get('content-type'), 'application/problem+json', path)
  }
})

void t.test('a page can be looked at, and says so to whoever tries anything else', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  for (const path of ['/', '/docs', '/docs/', '/database']) {
    const refused = await send(served.url, 'POST', path)
    t.match(refused, { status: 405, body: { status: 405, detail: /only HEAD, GET/ } }, path)
    t.equal(refused.headers.get('allow'), 'HEAD, GET', path)
    const asked = await send(served.url, 'OPTIONS', path)
    t.strictSame([asked.status, asked.headers.get('allow')], [200, 'HEAD, GET'], path)
  }
})

void t.test('a search looks at so many tasks, and goes on where it was', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  const tasks = 52_000
  await served.database.knex.raw(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${tasks})
    insert into tasks (id, title, description, completed, created_at, updated_at, search)
    select '01900000-0000-7000-8000-' || printf('%012d', i), 'Task ' || i, '', i % 2, '2026-01-01T00:00:00.000Z',
      '2026-01-01T00:00:00.000Z', 'task ' || i || case when i % 1000 = 7 then ' rare' else '' end from n`)
  const list = async (query: string) =>
    (await send(served.url, 'GET', `/tasks?${query}`)).body as {
      items: { title: string }[]
      nextCursor: string | null
      total: number | null
    }
  for (const sort of ['createdAt', '-title']) {
    const titles: string[] = []
    let cursor: string | null = ''
    do {
      const page = await list(`q=RARE&limit=20&sort=${sort}${cursor && `&cursor=${cursor}`}`)
      titles.push(...page.items.map(({ title }) => title))
      cursor = page.nextCursor
    } while (cursor)
    t.equal(titles.length, 52, `${sort}: each is found`)
    t.equal(new Set(titles).size, 52, `${sort}: once`)
  }
  const none = await list('q=nowhere&count=true')
  t.match(none, { items: [], nextCursor: String, total: null }, 'not beyond 50,000 tasks for one page')
  t.match(await list(`q=nowhere&cursor=${none.nextCursor}`), { items: [], nextCursor: null }, 'the rest')
  t.match(await list('q=rare&completed=true&count=true'), { nextCursor: String, total: 52 })
  t.match(await list('limit=1&count=true'), { total: tasks }, 'to count all has no such bound')
})

void t.test('a token protects changes, and nothing else', async (t) => {
  const served = await serve({ ...memory, apiToken: 'right' })
  t.teardown(served.close)
  const { url } = served
  const task = { title: 'x' }
  for (const headers of [
    {},
    bearer('wrong'),
    bearer(''),
    { authorization: 'Basic right' },
    bearer('right2'),
  ]) {
    const refused = await send(url, 'POST', '/tasks', task, headers)
    t.match(refused, { status: 401, body: { status: 401, detail: /token/ } })
    t.equal(refused.headers.get('www-authenticate'), 'Bearer')
  }
  const made = await send(url, 'POST', '/tasks', task, bearer('right'))
  t.equal(made.status, 201)
  const path = made.headers.get('location') ?? ''
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const body = method === 'DELETE' ? undefined : task
    t.equal((await send(url, method, path, body)).status, 401, method)
    t.ok((await send(url, method, path, body, bearer('right'))).status < 300, method)
  }
  t.equal((await send(url, 'GET', '/tasks')).status, 200)
  t.equal((await send(url, 'GET', path)).status, 404)
})

void t.test('/database shows a stranger what, and the owner where and why', async (t) => {
  const env = { DATABASE_URL: 'postgres://owner:s3cret@secret-host.invalid/private?x=1' }
  const served = await serve({ env, strategy: 'always', apiToken: 'right', sqlite: { filename: ':memory:' } })
  t.teardown(served.close)
  const { body: shown } = await send(served.url, 'GET', '/database')
  t.match(shown, {
    state: {
      status: 'fallback',
      dialect: 'sqlite',
      driver: String,
      durability: 'memory',
      reason: 'unreachable',
      code: String,
      message: 'The host name in the database URL cannot be found.',
      hint: String,
    },
    warnings: [{ code: 'unknown-parameter', message: String, hint: String }],
  })
  t.notMatch(JSON.stringify(shown), /owner|s3cret|secret-host|private|trace|config/)
  t.strictSame((await send(served.url, 'GET', '/database', undefined, bearer('wrong'))).body, shown)

  const { body: owned } = await send(served.url, 'GET', '/database', undefined, bearer('right'))
  t.match(owned, {
    state: { status: 'fallback', message: /secret-host/, location: { filename: ':memory:' } },
    config: { kind: 'primary', source: { name: 'DATABASE_URL' }, target: { user: 'owner', password: '***' } },
    trace: [{ subject: 'DATABASE_URL', outcome: 'taken', why: String }],
  })
  t.notMatch(JSON.stringify(owned), /s3cret/)

  t.equal((await send(served.url, 'POST', '/database/return')).status, 404)
  t.equal((await send(served.url, 'POST', '/database/return', undefined, bearer('wrong'))).status, 404)
  const returned = await send(served.url, 'POST', '/database/return', undefined, bearer('right'))
  t.match(returned, { status: 200, body: { state: { status: 'fallback' } } }, 'the primary is still away')

  t.equal((await send(served.url, 'POST', '/database/promote')).status, 404)
  const refused = await send(served.url, 'POST', '/database/promote', undefined, bearer('right'))
  t.match(refused, {
    status: 200,
    body: { done: false, rows: 0, problem: { code: String, hint: String }, state: { status: 'fallback' } },
  })
  t.notMatch(JSON.stringify(refused.body), /s3cret/)
})

void t.test('/database is a page to a browser, and data to a program', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  const html = /^text\/html/
  const json = /^application\/json/
  for (const { accept, want } of [
    { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', want: html },
    { accept: '*/*', want: json },
    { accept: 'application/json', want: json },
    { accept: 'text/html;q=0.5, application/json', want: json },
    { accept: 'image/png', want: json },
  ]) {
    for (const path of ['/database', '/database/']) {
      const { status, headers } = await send(served.url, 'GET', path, undefined, { accept })
      t.equal(status, 200)
      t.match(headers.get('content-type'), want, `${path} ${accept}`)
      t.match(headers.get('vary'), 'Accept')
    }
  }
  const { body, headers } = await send(served.url, 'GET', '/database')
  t.match(body, {
    history: [{ at: String, status: 'idle' }, { status: 'connecting' }, { status: 'connected' }],
  })
  t.match(headers.get('server-timing'), /^database;dur=\d+$/)
})

void t.test('/database remembers the last states, and waits for no database', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  Object.defineProperty(served.database, 'check', { value: async () => new Promise(() => {}) })
  const { status, headers } = await send(served.url, 'GET', '/database')
  t.strictSame([status, headers.get('server-timing')], [200, null])
  const listeners = new Set<() => void>()
  const many = { state: { status: 'idle' }, onStateChange: (listener: () => void) => listeners.add(listener) }
  const states = rememberStates(many as unknown as Database)
  for (let n = 0; n < 60; n += 1) for (const listener of listeners) listener()
  t.equal(states.length, 50)
})

void t.test('without a token nobody is the owner', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  for (const headers of [{}, bearer(''), bearer('undefined')]) {
    t.equal((await send(served.url, 'POST', '/database/return', undefined, headers)).status, 404)
    t.notOk('config' in ((await send(served.url, 'GET', '/database', undefined, headers)).body as object))
  }
})

void t.test('/database/events tells each change, and ends when the service stops', async (t) => {
  const served = await serve({ ...memory, connect: false })
  t.teardown(served.close)
  const response = await fetch(`${served.url}/database/events`)
  t.equal(response.headers.get('content-type'), 'text/event-stream')
  const text = response.text()
  await served.database.connect()
  served.stop.abort()
  const states = [...(await text).matchAll(/^data: (.+)$/gm)].map(
    ([, data = '']) => (JSON.parse(data) as { state: { status: string } }).state.status,
  )
  t.strictSame(states, ['idle', 'connecting', 'connected'])
  t.equal((await send(served.url, 'GET', '/health/ready')).status, 503, 'a service that stops is not ready')
  t.equal((await send(served.url, 'GET', '/health/live')).status, 200)
  t.equal((await send(served.url, 'GET', '/health/live')).headers.get('connection'), 'close')
})

void t.test('a stream whose client is gone is forgotten', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  const streams = () => getEventListeners(served.stop.signal, 'abort').length
  const client = new AbortController()
  await fetch(`${served.url}/database/events`, { signal: client.signal })
  t.equal(streams(), 1)
  const [[, response]] = (await Promise.all([
    once(served.server, 'request'),
    fetch(`${served.url}/database/events`, { signal: client.signal }),
  ])) as [[unknown, ServerResponse], unknown]
  t.equal(streams(), 2)
  client.abort()
  await once(response, 'close')
  while (streams() > 0) await new Promise((resolve) => setImmediate(resolve))
  t.equal((await send(served.url, 'HEAD', '/database/events')).status, 200, 'HEAD opens none')
  t.equal(streams(), 0)
})

void t.test(
  'a stream whose client does not read waits for it, and goes on with what is true then',
  async (t) => {
    let number = 0
    let tell = () => {}
    const onStateChange = (listener: () => void) => {
      tell = listener
      return () => {}
    }
    const ctx = { res: new EventEmitter(), set() {}, method: 'GET', body: new PassThrough() }
    const view = () => ({ number, text: 'x'.repeat(10_000) })
    streamChanges(
      ctx as unknown as AppContext,
      { onStateChange } as unknown as Database,
      view,
      new AbortController().signal,
    )
    for (; number < 1_000; number += 1) tell()
    t.ok(ctx.body.readableLength + ctx.body.writableLength < 100_000)
    const drained = once(ctx.body, 'drain')
    ctx.body.setEncoding('utf8').read()
    await drained
    tell()
    t.match(ctx.body.read(), /"number":1000,/)
    ctx.res.emit('close')
  },
)

void t.test('many visitors are no leak of memory', async (t) => {
  const served = await serve(memory)
  t.teardown(served.close)
  const warnings: Error[] = []
  const note = (warning: Error) => void warnings.push(warning)
  process.on('warning', note)
  t.teardown(() => process.off('warning', note))
  await Promise.all(Array.from({ length: 20 }, async () => fetch(`${served.url}/database/events`)))
  await delay(0)
  t.strictSame(warnings, [])
})

void t.test('the log has an id for each request, and no query and no secret', async (t) => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line) => void lines.push(line) })
  const served = await serve({ ...memory, logger, apiToken: 'tokentoken' })
  t.teardown(served.close)
  const sent = { 'x-request-id': 'abc-1', ...bearer('tokentoken') }
  const { headers } = await send(served.url, 'GET', '/tasks?q=private-words', undefined, sent)
  t.equal(headers.get('x-request-id'), 'abc-1')
  t.match(
    (await send(served.url, 'GET', '/tasks', undefined, { 'x-request-id': 'a b{}' })).headers.get(
      'x-request-id',
    ),
    /^[0-9a-f-]{36}$/,
  )
  t.match(JSON.parse(lines.find((line) => line.includes('abc-1')) ?? '{}'), {
    requestId: 'abc-1',
    method: 'GET',
    path: '/tasks',
    status: 200,
    durationMs: Number,
    msg: 'request',
  })
  t.notMatch(lines.join(), /private-words|tokentoken/)
})

void t.test('a mistake of the program is in the log, and in no answer', async (t) => {
  const lines: string[] = []
  const logger = pino({}, { write: (line) => void lines.push(line) })
  const served = await serve({ ...memory, logger, apiToken: 'right' })
  t.teardown(served.close)
  const fail = async () => Promise.reject(new Error('inside'))
  Object.defineProperty(served.database, 'returnToPrimary', { value: fail })
  const failed = await send(served.url, 'POST', '/database/return', undefined, bearer('right'))
  t.match(failed, { status: 500, body: { status: 500, title: 'Internal Server Error' } })
  t.notMatch(JSON.stringify(failed.body), /inside/)
  t.match(lines.join(), /"message":"inside","stack":/)
})

void t.test('a failure says nothing of the inside, and the log no query', async (t) => {
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(line) })
  const served = await serve({ ...memory, logger })
  t.teardown(served.close)
  await served.database.knex.schema.dropTable('tasks')
  const failed = await send(served.url, 'POST', '/tasks', { title: 'private-words' })
  t.strictSame(failed.body, {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: 'Something went wrong here. The log of the service says what.',
  })
  t.equal(failed.headers.get('x-database-state'), 'connected')
  const line = lines.find((text) => text.includes('request failed')) ?? ''
  t.match(JSON.parse(line), { level: 50, code: 'query-failed', frames: [/^at /] })
  t.notMatch(lines.join(), /insert|private-words/)
})

void t.test('a client that goes away is no trouble, other failures of a connection are', async (t) => {
  const lines: { level: number; msg: string }[] = []
  const logger = pino(
    { level: 'debug' },
    { write: (line) => void lines.push(JSON.parse(line) as (typeof lines)[0]) },
  )
  const served = await serve({ ...memory, logger })
  t.teardown(served.close)
  const leaving = new AbortController()
  const { body } = await fetch(`${served.url}/database/events`, { signal: leaving.signal })
  await body?.getReader().read()
  leaving.abort()
  while (!lines.some(({ msg }) => msg === 'the client went away')) await delay(5)
  t.notOk(lines.some(({ level }) => level > 30))
  createApp({ database: served.database, logger }).emit('error', new Error('something else'))
  t.match(lines.at(-1), { level: 40, msg: 'connection failed', err: { message: 'something else' } })
})
