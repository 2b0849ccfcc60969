import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { FallbackStrategy } from 'failsoft'
import {
  DatabaseUnavailableError,
  openDatabase,
  type ConnectionState,
  type Database,
  type OpenOptions,
} from 'failsoft/knex'
import { freePort } from '../servers/free-port.js'
import { refusedPort } from '../servers/refused-port.js'
import { startPostgres } from '../servers/postgres.js'
import { measure } from '../awake.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const silent: Server = createServer().listen(0, '127.0.0.1')
await once(silent, 'listening')
t.teardown(() => silent.close())
const silentPort = (silent.address() as AddressInfo).port

const good = postgres.url
const wrongPassword = good.replace(postgres.password, 'wrong')
const wrongDatabase = `${good}_not_there`
const refused = `postgres://app:canary@127.0.0.1:${refusedPort}/app`

function open(t: Test, options: OpenOptions): Database {
  const database = openDatabase({ cwd: t.testdir(), log: () => {}, ...options })
  t.teardown(() => database.close())
  return database
}

function openUrl(
  t: Test,
  url: string | undefined,
  strategy: FallbackStrategy,
  options: OpenOptions = {},
): Database {
  return open(t, { env: { DATABASE_URL: url }, strategy, ...options })
}

/** Boots to the end, for which connect() does not wait on a busy machine. */
async function boot(database: Database): Promise<ConnectionState> {
  await database.connect()
  while (database.state.status === 'connecting') await new Promise((resolve) => setTimeout(resolve, 10))
  return database.state
}

/** Answers as a server does that is starting up: no TLS, then FATAL 57P03; after so many answers it is silent. */
async function startStarting(t: Test, answers = Infinity): Promise<{ server: Server; port: number }> {
  let given = 0
  const sslRequest = 80_877_103
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0')
  const fatal = Buffer.concat([Buffer.from('E\0\0\0\0'), fields])
  fatal.writeInt32BE(fields.length + 4, 1)
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => {
      if (data.readInt32BE(4) === sslRequest) socket.write('N')
      else if (given++ < answers) socket.end(fatal)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { server, port: (server.address() as AddressInfo).port }
}

t.test('connects to what is configured', async (t) => {
  const database = openUrl(t, good, 'never')
  t.match(await database.connect(), {
    status: 'connected',
    readOnly: false,
    generation: 1,
    engine: { dialect: 'postgres', driver: 'pg', host: '127.0.0.1', serverVersion: /^PostgreSQL \d/ },
  })
  t.match(await database.knex.raw('select 1 as one'), { rows: [{ one: 1 }] })
  t.same(database.health().status, 'pass')
  t.match(await database.check(), {
    status: 'pass',
    checks: { 'database:responseTime': [{ observedUnit: 'ms' }] },
  })
})

t.test('falls back for each reason, and says why', async (t) => {
  for (const { name, url, reason, code } of [
    { name: 'nothing', url: undefined, reason: 'missing', code: 'missing' },
    { name: 'blank', url: ' \n', reason: 'empty', code: 'empty' },
    { name: 'malformed', url: 'postgres://u:p@h:port/d', reason: 'malformed', code: 'invalid-port' },
    { name: 'unsupported', url: 'mongodb://h/d', reason: 'unsupported', code: 'unsupported-scheme' },
    { name: 'refused', url: refused, reason: 'unreachable', code: 'connection-refused' },
    { name: 'wrong password', url: wrongPassword, reason: 'auth', code: 'auth-failed' },
    { name: 'no such database', url: wrongDatabase, reason: 'database-missing', code: 'database-missing' },
    {
      name: 'TLS that is not there',
      url: `${good}?sslmode=require`,
      reason: 'tls',
      code: 'tls-not-supported',
    },
  ] as const) {
    await t.test(name, async (t) => {
      const database = openUrl(t, url, 'always')
      const state = await database.connect()
      const filename = join(t.testdirName, 'data', 'failsoft.db')
      t.match(state, { status: 'fallback', reason, problem: { code }, location: { filename } })
      t.notMatch(JSON.stringify(state), /canary|:wrong|s3cret/)
      await database.knex.schema.createTable('tasks', (table) => table.text('title'))
      await database.knex('tasks').insert({ title: 'kept' })
      t.ok(existsSync(filename))
      t.equal(database.health().status, 'warn')
      t.match(database.config.trace.at(-1), { subject: filename, outcome: 'taken' })
      t.match(database.config.explain(), filename)
    })
  }
})

t.test(
  'waits where the strategy forbids the fallback, and tries again only where that can help',
  async (t) => {
    for (const { name, url, strategy, code, retries } of [
      { name: 'missing', url: undefined, strategy: 'never', code: 'missing', retries: false },
      {
        name: 'malformed',
        url: 'postgres://u:p@h:port/d',
        strategy: 'unconfigured',
        code: 'invalid-port',
        retries: false,
      },
      { name: 'refused', url: refused, strategy: 'unconfigured', code: 'connection-refused', retries: true },
      {
        name: 'wrong password',
        url: wrongPassword,
        strategy: { unreachable: 'fallback' },
        code: 'auth-failed',
        retries: true,
      },
    ] as const) {
      await t.test(name, async (t) => {
        const database = openUrl(t, url, strategy)
        const state = await database.connect()
        t.match(state, { status: 'unavailable', problem: { code }, attempt: 1 })
        t.equal(state.status === 'unavailable' && state.nextAttemptAt !== null, retries)
        t.equal(database.health().status, 'fail')
        t.throws(() => database.knex('tasks'), DatabaseUnavailableError)
        await t.rejects(database.ready(), {
          name: 'DatabaseUnavailableError',
          code,
          ...(retries && { retryAfterMs: Number }),
        })
        await t.rejects(
          database.transaction(async () => t.fail()),
          { code },
        )
      })
    }
  },
)

t.test('an unavailable server is found when it comes up', async (t) => {
  const port = await freePort()
  const database = openUrl(t, `postgres://failsoft:s3cret@127.0.0.1:${port}/postgres`, 'never')
  t.match(await database.connect(), { status: 'unavailable', problem: { code: 'connection-refused' } })
  const connected = new Promise((resolve) =>
    database.onStateChange(({ to }) => to === 'connected' && resolve(to)),
  )
  const server = await startPostgres({ port })
  t.teardown(() => server.remove())
  t.equal(await connected, 'connected')
  t.match(database.state, { status: 'connected', generation: 1 })
})

t.test('a silent server is given up after the connect timeout', async (t) => {
  const url = `postgres://u:p@127.0.0.1:${silentPort}/d`
  for (const { name, options, boundMs } of [
    { name: 'of the option', options: { connectTimeoutMs: 300 }, boundMs: 300 },
    { name: 'of the boot deadline', options: { bootDeadlineMs: 2000 }, boundMs: 2000 },
  ]) {
    const database = openUrl(t, url, 'always', options)
    const { awakeMs } = await measure(() => database.connect())
    t.match(database.state, { status: 'fallback', problem: { code: 'connect-timeout' } })
    t.ok(awakeMs < boundMs + 1500, `${name}: ${Math.round(awakeMs)} ms`)
  }
})

t.test('nothing happens before the first use, and calls at the same time share one attempt', async (t) => {
  const env: Record<string, string> = { DATABASE_URL: good }
  const database = open(t, { env, strategy: 'never' })
  env['DATABASE_URL'] = 'mongodb://changed-afterwards/d'
  t.match(database.state, { status: 'idle', generation: 0 })
  t.throws(() => database.knex('tasks'), { name: 'DatabaseUnavailableError', state: { status: 'idle' } })
  t.equal(database.health().status, 'fail')
  const waiting = database.connect()
  t.throws(() => database.knex('tasks'), { message: 'The database is still connecting.', retryAfterMs: 1000 })
  const changes: string[] = ['connecting']
  database.onStateChange(({ to }) => changes.push(to))
  const [first, second] = await Promise.all([database.connect(), database.connect(), database.ready()])
  t.equal(first, second)
  t.equal(await waiting, first)
  t.same(changes, ['connecting', 'connected'])
})

t.test('an abort ends the wait of one caller only', async (t) => {
  const database = openUrl(t, `postgres://u:p@127.0.0.1:${silentPort}/d`, 'always', { connectTimeoutMs: 500 })
  const patient = database.connect()
  t.match(await database.connect({ signal: AbortSignal.timeout(20) }), { status: 'connecting' })
  t.match(await patient, { status: 'fallback', problem: { code: 'connect-timeout' } })
})

t.test('migrations run on each engine before it is handed out', async (t) => {
  const database = openUrl(t, good, 'never', {
    prepare: async (knex) => {
      await knex.schema.dropTableIfExists('prepared')
      await knex.schema.createTable('prepared', (table) => table.text('title'))
    },
  })
  const knex = await database.ready()
  t.same(await knex('prepared'), [])
})

t.test('an engine that cannot be prepared is not handed out, and is tried again', async (t) => {
  for (const url of [good, undefined, refused]) {
    let attempts = 0
    const database = openUrl(t, url, 'always', {
      prepare: async () => {
        if (++attempts === 1) throw new Error('migration 7 is broken')
      },
    })
    const state = await database.connect()
    t.match(state, {
      status: 'unavailable',
      problem: { code: 'migration-failed', message: /migration 7 is broken/ },
    })
    t.throws(() => database.knex('tasks'), { code: 'migration-failed' })
    if (database.state.status === 'unavailable') {
      await new Promise((resolve) => database.onStateChange(({ to }) => to !== 'connecting' && resolve(to)))
    }
    t.equal(attempts, 2)
    t.equal(database.state.status, url === good ? 'connected' : 'fallback')
  }
})

t.test('a server that is starting is waited for within the deadline', async (t) => {
  const { server: starting, port } = await startStarting(t)
  const database = openUrl(t, `postgres://failsoft:s3cret@127.0.0.1:${port}/postgres`, 'always')
  const connecting = database.connect()
  while (!('lastProblem' in database.state)) await new Promise((resolve) => setTimeout(resolve, 5))
  t.match(database.state, { status: 'connecting', lastProblem: { code: 'server-starting' } })
  starting.close()
  await once(starting, 'close')
  const server = await startPostgres({ port })
  t.teardown(() => server.remove())
  t.match((await connecting).status, /connected|fallback/)
})

t.test('a server that goes on starting is given up at the deadline', async (t) => {
  const { port } = await startStarting(t)
  const database = openUrl(t, `postgres://u:p@127.0.0.1:${port}/d`, 'always', { bootDeadlineMs: 600 })
  t.match(await boot(database), { status: 'fallback', problem: { code: 'server-starting' } })
})

t.test('what a starting server said is not lost when the deadline cuts off the next attempt', async (t) => {
  const { port } = await startStarting(t, 1)
  const url = `postgres://u:p@127.0.0.1:${port}/d?sslmode=disable`
  const database = openUrl(t, url, 'always', { bootDeadlineMs: 800 })
  t.match(await boot(database), { status: 'fallback', problem: { code: 'server-starting' } })
})

t.test('the fallback is loud: a log event, or a warning of the process', async (t) => {
  const events: unknown[] = []
  await openUrl(t, undefined, 'always', { log: (event) => events.push(event) }).connect()
  t.match(
    events.filter((event) => (event as { event: string }).event === 'fallback'),
    [{ level: 'warn', message: /DATABASE_URL is not set.*Running on SQLite instead, in .*failsoft\.db/ }],
  )
  const warned = once(process, 'warning') as Promise<[Error & { code: string }]>
  const silentDatabase = openDatabase({ env: {}, strategy: 'always', cwd: t.testdir() })
  t.teardown(() => silentDatabase.close())
  await silentDatabase.connect()
  t.match((await warned)[0], { name: 'FailsoftWarning', code: 'FAILSOFT_FALLBACK', message: /is not set/ })
})

t.test('a configured SQLite file is made, and never exchanged for another', async (t) => {
  const directory = t.testdir({ 'text.db': 'this is not a database, but a text', inTheWay: 'a file' })
  for (const { name, path, want } of [
    {
      name: 'new, in a new directory',
      path: 'a/b/new.db',
      want: { status: 'connected', engine: { dialect: 'sqlite' } },
    },
    {
      name: 'a file of another kind',
      path: 'text.db',
      want: { status: 'unavailable', problem: { code: 'sqlite-not-a-database' } },
    },
    {
      name: 'not there, and not to be made',
      path: 'absent.db?mode=rw',
      want: { status: 'fallback', reason: 'unreachable' },
    },
    {
      name: 'cannot be created',
      path: 'inTheWay/new.db',
      want: { status: 'fallback', reason: 'unreachable' },
    },
  ]) {
    await t.test(name, async (t) => {
      t.match(await openUrl(t, `sqlite:${join(directory, path)}`, 'always').connect(), want)
    })
  }
})

t.test(
  'migrations that destroy the knex of the program leave it without a database, and say so',
  async (t) => {
    for (const url of [postgres.url, 'sqlite::memory:']) {
      const database = openDatabase({
        env: { DATABASE_URL: url },
        strategy: 'never',
        prepare: async (knex) => {
          await knex.raw('select 1')
          await knex.destroy()
        },
        log: () => {},
      })
      t.teardown(() => database.close())
      const problem = { code: 'migration-failed', message: /leave destroy\(\) out/ }
      t.match(await database.connect(), { status: 'unavailable', problem })
    }
  },
)
