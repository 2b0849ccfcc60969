import t from 'tap'
import { formatUrl, resolveDatabaseConfig, validateUrl, type DatabaseConfig } from 'failsoft'
import { createEngine, knexConfig, openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { databaseHealth, databaseSession } from 'failsoft/koa'
import { openPool as openMysqlPool } from 'failsoft/mysql2'
import { openPool } from 'failsoft/pg'
import { renewLogin } from '#lib/connection/login.js'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'

t.test('an option of the wrong type is a mistake of the program, and is named', async (t) => {
  for (const { name, options } of [
    { name: 'options.url', options: { url: 7 } },
    { name: 'options.bootDeadlineMs', options: { bootDeadlineMs: '10s' } },
    { name: 'options.bootDeadlineMs', options: { bootDeadlineMs: 0 } },
    { name: 'options.bootDeadlineMs', options: { bootDeadlineMs: 2 ** 31 } },
    { name: 'options.connectTimeoutMs', options: { connectTimeoutMs: -1 } },
    { name: 'options.prepare', options: { prepare: 'migrate' } },
    { name: 'options.log', options: { log: console } },
    { name: 'options.sqliteDriver', options: { sqliteDriver: 'sqlite' } },
    { name: 'options.sqlite.driver does not exist', options: { sqlite: { driver: 'sqlite3' } } },
    { name: 'options.strategi does not exist: was strategy meant', options: { strategi: 'never' } },
    { name: 'options.pool.maks does not exist: was max meant', options: { pool: { maks: 1 } } },
    { name: 'options.pool.min', options: { pool: { min: 3, max: 2 } } },
  ]) {
    t.throws(() => openDatabase(options as unknown as OpenOptions), {
      name: 'TypeError',
      message: new RegExp(name),
    })
  }
})

const memory = { env: { DATABASE_URL: 'sqlite::memory:' } }
const decided = resolveDatabaseConfig(memory)
const { target } = decided as Extract<DatabaseConfig, { kind: 'primary' }>

/** Each function that takes options, given one with a typo or of a wrong type. */
const mistakes: Readonly<Record<string, (database: Database) => unknown>> = {
  'options.sginal does not exist: was signal meant?': (database) => database.connect({ sginal: 1 } as never),
  'options.signal must be an AbortSignal, got a number': (database) =>
    database.connect({ signal: 1 } as never),
  'options.timeout does not exist: was timeoutMs meant?': (database) =>
    database.check({ timeout: 1 } as never),
  'options.timeoutMs must be a number from 0, got a string': (database) =>
    database.check({ timeoutMs: '1' } as never),
  'options.timeouts does not exist: was timeoutMs meant?': (database) =>
    database.close({ timeouts: 1 } as never),
  'options.timeoutMs must be a number from 0, got a number': (database) => database.close({ timeoutMs: -1 }),
  'options.transactoin does not exist: was transaction meant?': (database) =>
    database.session(async () => 1, { transactoin: true } as never),
  'options.dryrun does not exist: was dryRun meant?': (database) =>
    database.promote({ dryrun: true } as never),
  'work must be a function, got undefined': (database) => database.transaction(undefined as never),
  'listener must be a function, got a string': (database) => database.onStateChange('log' as never),
  'options.revael does not exist: was reveal meant?': () => formatUrl(target, { revael: true } as never),
  'options.reveal must be a boolean, got a string': () => formatUrl(target, { reveal: 'yes' } as never),
  'options.evn does not exist: was env meant?': () => resolveDatabaseConfig({ evn: {} } as never),
  'options.poll does not exist: was pool meant?': () => createEngine(decided, { poll: {} } as never),
  'options.pol does not exist: was pool meant?': () => knexConfig(decided, { pol: {} } as never),
  'options.knex.client does not exist: there are': () => openDatabase({ knex: { client: 'pg' } } as never),
  'options.drivers.pgg does not exist: was pg meant?': () => openDatabase({ drivers: { pgg: 1 } } as never),
  'options.strategy does not exist: there are': () => openPool({ strategy: 'never' } as never),
  'options.knex does not exist: there are': () => openMysqlPool({ knex: {} } as never),
  'options.trans does not exist: there are transaction': (database) =>
    databaseSession(database, { trans: 1 } as never),
  'options.redy does not exist: was ready meant?': (database) =>
    databaseHealth(database, { redy: 1 } as never),
}

t.test('each function names an option that does not exist, or is of the wrong type', async (t) => {
  await using database = openDatabase(memory)
  for (const [message, call] of Object.entries(mistakes)) {
    await t.rejects(
      async () => call(database),
      { name: 'TypeError', message: new RegExp(`^${message}`) },
      message,
    )
  }
  t.equal(database.state.status, 'idle', 'a mistake has no other effect')
})

t.test('so do pools and engines', async (t) => {
  await using pool = openPool(memory)
  const made = createEngine(decided)
  if (!made.ok) throw new Error('no engine')
  const wrong = { timeout: 1 } as never
  for (const call of [
    () => pool.connect(wrong),
    () => pool.check(wrong),
    () => pool.close(wrong),
    () => made.engine.probe(wrong),
  ])
    await t.rejects(async () => void (await call()), {
      name: 'TypeError',
      message: /^options\.timeout does not exist/,
    })
  t.match(await made.engine.probe({ timeoutMs: 5000, write: true }), { ok: true })
  await made.engine.close()
})

t.test('validateUrl never throws: options that it does not know are nothing to it', async (t) => {
  t.match(validateUrl('sqlite:x.db', { strct: true } as never), { valid: true })
})

t.test('the shortest and the longest boot deadline are accepted', async (t) => {
  for (const bootDeadlineMs of [1, 2 ** 31 - 1]) t.ok(openDatabase({ bootDeadlineMs, env: {} }))
})

t.test('what nobody foresaw leaves the database unavailable, with its cause in the log', async (t) => {
  const config = resolveDatabaseConfig({ env: { DATABASE_URL: 'sqlite::memory:' } })
  let reads = 0
  const broken = {
    ...config,
    get target(): unknown {
      if (++reads > 1) throw new Error('not foreseen')
      return (config as Extract<DatabaseConfig, { kind: 'primary' }>).target
    },
  } as DatabaseConfig
  const events: unknown[] = []
  const database = openDatabase({ config: broken, log: (event) => events.push(event) })
  t.teardown(() => database.close())
  t.match(await database.connect(), {
    status: 'unavailable',
    problem: { code: 'unknown-error' },
    nextAttemptAt: Number,
  })
  t.match(
    events.filter((event) => (event as { event: string }).event === 'unexpected'),
    [{ level: 'error', message: 'not foreseen' }],
  )
})

t.test('a refused password is read again where there is one to read', async (t) => {
  const refused = { code: 'auth-failed', message: '', hint: '' } as const
  const config = resolveDatabaseConfig({ env: {} })
  for (const { name, found, options, want } of [
    {
      name: 'a new one',
      found: refused,
      options: { env: { DATABASE_URL: 'postgres://u:new@h/d' } },
      want: ['new'],
    },
    {
      name: 'none any more',
      found: refused,
      options: { env: { DATABASE_URL: 'postgres://u@h/d' } },
      want: [''],
    },
    { name: 'nothing is configured any more', found: refused, options: { env: {} }, want: [] },
    { name: 'SQLite', found: refused, options: { env: { DATABASE_URL: 'sqlite:x.db' } }, want: [] },
    { name: 'a decision of the program', found: refused, options: { env: {}, config }, want: [] },
    {
      name: 'another problem',
      found: { ...refused, code: 'connection-refused' } as const,
      options: { env: { DATABASE_URL: 'postgres://u:new@h/d' } },
      want: [],
    },
  ]) {
    const passwords: string[] = []
    const setLogin = ({ password }: { password: string }): number => passwords.push(password)
    const engine = { setLogin } as unknown as ManagedEngine
    renewLogin(engine, found, options)
    t.same(passwords, want, name)
  }
})
