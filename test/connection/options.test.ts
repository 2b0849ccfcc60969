import t from 'tap'
import { resolveDatabaseConfig, type DatabaseConfig } from 'failsoft'
import { openDatabase, type OpenOptions } from 'failsoft/knex'
import { renewPassword } from '#lib/connection/login.js'
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
    const engine = { setPassword: (password: string) => passwords.push(password) } as unknown as ManagedEngine
    renewPassword(engine, found, options)
    t.same(passwords, want, name)
  }
})
