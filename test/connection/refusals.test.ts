import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { resolveDatabaseConfig } from 'failsoft'
import { DatabaseUnavailableError, openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { freePort } from '../servers/free-port.js'
import { refusedPort } from '../servers/refused-port.js'
import { startPostgres } from '../servers/postgres.js'
import { fakeTime, turn } from './fake-time.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const { url } = postgres
const missingDriver = sqliteDrivers.find(({ skip }) => skip)?.name

function open(t: Test, options: OpenOptions): Database {
  const database = openDatabase({
    strategy: 'never',
    log: () => {},
    ...options,
    cwd: options.cwd ?? t.testdir(),
  })
  t.teardown(() => database.close({ timeoutMs: 0 }))
  return database
}

async function admin(t: Test): Promise<(sql: string) => Promise<unknown>> {
  const knex = await open(t, { url }).ready()
  return (sql) => knex.raw(sql)
}

/** Waits until it is so; the test's own time limit bounds it. */
async function until(database: Database, isSo: (state: Database['state']) => boolean): Promise<void> {
  while (!isSo(database.state)) await turn()
}

const loginOf = (user: string, password: string, name = 'postgres'): string => {
  const { port } = new URL(url)
  return `postgres://${user}:${password}@127.0.0.1:${port}/${name}`
}

t.test(
  'a server that refuses is asked at a distance that grows, one that is away within seconds',
  async (t) => {
    for (const { name, url, waits } of [
      {
        name: 'wrong password',
        url: loginOf('failsoft', 'wrong'),
        waits: [15_000, 30_000, 60_000, 120_000, 300_000, 300_000],
      },
      { name: 'no such database', url: `${postgres.url}_none`, waits: [500, 1000, 2000, 4000, 5000, 5000] },
    ]) {
      await t.test(name, async (t) => {
        const database = open(t, { url })
        const time = fakeTime(t)
        void database.connect()
        for (const [index, waitMs] of waits.entries()) {
          await until(database, ({ status }) => status === 'unavailable')
          t.match(database.state, { attempt: index + 1, nextAttemptAt: time.now + waitMs })
          t.match(await database.ready().catch((error: unknown) => error), { retryAfterMs: waitMs })
          await time.pass(waitMs - 1)
          t.equal(database.state.status, 'unavailable', 'not sooner')
          await time.pass(1)
          t.equal(database.state.status, 'connecting')
        }
      })
    }
  },
)

t.test(
  'a refusal is spread over its whole wait, so that many programs do not come back together',
  async (t) => {
    const seen: number[] = []
    for (let index = 0; index < 12; index++) {
      const database = open(t, { url: loginOf('failsoft', 'wrong') })
      const state = await database.connect()
      seen.push((state.status === 'unavailable' && state.nextAttemptAt! - state.since) || 0)
    }
    t.ok(Math.min(...seen) >= 1000 && Math.max(...seen) <= 15_000, seen.join(' '))
    t.ok(new Set(seen).size > 6)
  },
)

t.test('what is put right at the server is found by the running program', async (t) => {
  const run = await admin(t)
  await run(`create role late login password 'right'`)
  await run('create database closed_to_late')
  await run('revoke connect on database closed_to_late from public')
  for (const { name, url, code, cure } of [
    {
      name: 'a database',
      url: loginOf('late', 'right', 'made_late'),
      code: 'database-missing',
      cure: 'create database made_late',
    },
    {
      name: 'a user',
      url: loginOf('later', 'right'),
      code: /^(user-missing|auth-failed)$/,
      cure: `create role later login password 'right'`,
    },
    {
      name: 'a permission',
      url: loginOf('late', 'right', 'closed_to_late'),
      code: 'access-denied',
      cure: 'grant connect on database closed_to_late to late',
    },
  ]) {
    await t.test(name, async (t) => {
      const database = open(t, { url })
      t.match(await database.connect(), { status: 'unavailable', problem: { code } })
      t.type(database.state.status === 'unavailable' && database.state.nextAttemptAt, 'number')
      await run(cure)
      t.match(await database.connect(), { status: 'connected' }, 'connect() asks at once')
    })
  }
})

t.test('who only uses the database does not have it asked again', async (t) => {
  const database = open(t, { url: loginOf('failsoft', 'wrong') })
  const state = await database.connect()
  for (let times = 0; times < 5; times++) {
    await t.rejects(database.ready(), { code: 'auth-failed' })
    await t.rejects(database.pin(), { code: 'auth-failed' })
    await t.rejects(
      database.transaction(async () => t.fail()),
      { code: 'auth-failed' },
    )
  }
  t.equal(database.state, state)
})

t.test('a refused login is tried at once when its file has changed', async (t) => {
  const file = join(t.testdir(), 'database_url')
  writeFileSync(file, loginOf('failsoft', 'wrong'))
  const database = open(t, { env: { DATABASE_URL_FILE: file }, cwd: t.testdirName })
  const state = await database.connect()
  t.match(state, { status: 'unavailable', problem: { code: 'auth-failed' } })
  writeFileSync(file, url)
  await until(database, ({ status }) => status === 'connected')
})

t.test('what the server said is where a person looks, and holds no secret', async (t) => {
  const events: unknown[] = []
  const database = open(t, { url: loginOf('failsoft', 'canary'), log: (event) => events.push(event) })
  const { problem } = await database.connect()
  const cause = { code: '28P01', message: /password authentication failed/ }
  t.match(problem, { code: 'auth-failed', cause })
  const error = await database.ready().catch((thrown: unknown) => thrown)
  t.match(error, { name: 'DatabaseUnavailableError', cause })
  t.match(events.at(-1), { message: /password authentication failed/, details: { problem: { cause } } })
  t.notMatch(JSON.stringify([problem, events, error]), 'canary')
})

t.test(
  'without any SQLite driver the primary is what is wrong, and is tried again',
  { skip: !missingDriver && 'all SQLite drivers work here' },
  async (t) => {
    const sqliteDriver = missingDriver!
    const port = await freePort()
    const late = `postgres://failsoft:s3cret@127.0.0.1:${port}/postgres`
    for (const { url, want, warnings } of [
      {
        url: late,
        want: { problem: { code: 'connection-refused' }, reason: 'unreachable', nextAttemptAt: Number },
        warnings: ['driver-missing'],
      },
      {
        url: 'postgres://u:p@h:port/d',
        want: { problem: { code: 'invalid-port' }, reason: 'malformed', nextAttemptAt: null },
        warnings: ['driver-missing'],
      },
      { url: '', want: { problem: { code: 'driver-missing' }, nextAttemptAt: null }, warnings: [] },
      { url: 'sqlite::memory:', want: { problem: { code: 'driver-missing' }, nextAttemptAt: null } },
    ]) {
      const database = open(t, { env: { DATABASE_URL: url }, strategy: 'always', sqliteDriver })
      t.match(await database.connect(), { status: 'unavailable', ...want }, url)
      if (warnings) t.match(new Set(database.config.warnings.map(({ code }) => code)), new Set(warnings))
      if (url !== late) continue
      const server = await startPostgres({ port })
      t.teardown(() => server.remove())
      await until(database, ({ status }) => status === 'connected')
    }
  },
)

t.test('attempts do not make the decision longer and longer', async (t) => {
  const cwd = t.testdir({ inTheWay: 'a file' })
  const config = resolveDatabaseConfig({ env: {}, strategy: 'always', cwd })
  if (config.kind !== 'fallback') throw new Error(config.kind)
  const location = { ...config.location, filename: join(cwd, 'inTheWay', 'x.db') }
  const database = open(t, { config: { ...config, location } })
  const lengths = new Set<number>()
  for (let times = 0; times < 4; times++) {
    await database.connect()
    lengths.add(database.config.trace.length)
  }
  t.equal(lengths.size, 1)
})

t.test('at run time a server that refuses is asked at a distance too', async (t) => {
  const run = await admin(t)
  await run(`create role running login password 'first'`)
  const database = open(t, { url: loginOf('running', 'first') })
  t.match(await database.connect(), { status: 'connected' })
  await run(`alter role running password 'second'`)
  await run(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'running'`)
  await database.check()
  t.match(database.state, { status: 'reconnecting', problem: { code: 'auth-failed', cause: Object } })
  const { state } = database
  t.ok(state.status === 'reconnecting' && state.nextAttemptAt - Date.now() > 500)
  await run(`alter role running password 'first'`)
  await database.connect()
  await until(database, ({ status }) => status === 'connected')
})

t.test('old connections are no witnesses of new ones', async (t) => {
  const run = await admin(t)
  await run(`create role older login password 'first'`)
  const database = open(t, { url: loginOf('older', 'first') })
  await database.connect()
  const pid = async (knex = database.knex): Promise<unknown> =>
    (await knex.raw<{ rows: [{ pid: unknown }] }>('select pg_backend_pid() as pid')).rows[0].pid
  const pin = await database.knex.transaction()
  const older = await pid(pin)
  await run(`alter role older password 'second'`)
  const started = performance.now()
  await t.rejects(Promise.all([pid(), pid()]), { code: 'auth-failed' }, 'a new login')
  t.comment(`refused after ${performance.now() - started} ms`)
  await until(database, ({ problem }) => problem !== undefined)
  t.match(database.state, { status: 'connected', readOnly: false, problem: { code: 'auth-failed' } })
  t.match(database.health(), { status: 'warn', output: 'connected: auth-failed' })
  t.match(await database.check(), { status: 'warn' })
  t.equal(await pid(pin), older, 'the old connection is left alone')
  await pin.commit()
  await run(`alter role older password 'first'`)
  await database.connect()
  await until(database, ({ problem }) => problem === undefined)
  t.match(database.health(), { status: 'pass' })
})

t.test('a clock that is set back makes nobody wait for long', async (t) => {
  const database = open(t, { url: `postgres://u:p@127.0.0.1:${refusedPort}/d` })
  const { now } = Date
  await database.connect()
  t.intercept(Date, 'now', { value: () => now() - 3_600_000, configurable: true })
  const error = new DatabaseUnavailableError(database.state)
  t.ok(error.retryAfterMs !== undefined && error.retryAfterMs <= 5000, String(error.retryAfterMs))
})
