import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { openPool } from 'failsoft/pg'
import { startPostgres } from '../servers/postgres.js'
import { fakeTime, turn } from './fake-time.js'
import { plainNode } from '../plain-node.ts'
import { measure } from '../awake.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())

function open(t: Test, options: OpenOptions = {}): Database {
  const database = openDatabase({ env: { DATABASE_URL: postgres.url }, log: () => {}, ...options })
  t.teardown(() => database.close())
  return database
}

const closedError = { name: 'DatabaseUnavailableError', code: 'closed' }

t.test('from each state it ends in closed, once', async (t) => {
  const states: Record<string, () => Promise<Database>> = {
    idle: async () => open(t),
    connecting: async () => {
      const database = open(t)
      void database.connect()
      return database
    },
    connected: async () => {
      const database = open(t)
      await database.connect()
      return database
    },
    fallback: async () => {
      const database = open(t, { env: {}, strategy: 'always', cwd: t.testdir() })
      await database.connect()
      return database
    },
    unavailable: async () => {
      const database = open(t, { env: {}, strategy: 'never' })
      await database.connect()
      return database
    },
  }
  for (const [name, make] of Object.entries(states)) {
    const database = await make()
    t.equal(database.state.status, name)
    const seen: string[] = []
    database.onStateChange(({ to }) => seen.push(to))
    await Promise.all([database.close(), database.close()])
    await database.close()
    t.same(seen, ['closing', 'closed'], name)
    t.throws(() => database.knex('tasks'), closedError)
    await t.rejects(database.ready(), closedError)
    await t.rejects(database.pin(), closedError)
    t.match(await database.connect(), { status: 'closed' })
    t.match(await database.check(), { status: 'fail' })
  }
})

t.test('a listener that is told of the end may close it too', async (t) => {
  for (const database of [open(t), openPool({ url: postgres.url, log: () => {} })]) {
    await database.connect()
    const again: Promise<void>[] = []
    database.onStateChange(() => again.push(database.close()))
    await database.close()
    t.equal(again.length, 2)
    await Promise.all(again)
    t.equal(database.state.status, 'closed')
  }
})

t.test('who listens beside one that closes hears of each change in order', async (t) => {
  for (const [at, heard] of Object.entries({
    connecting: ['connecting', 'closing', 'closed'],
    connected: ['connecting', 'connected', 'closing', 'closed'],
  })) {
    const database = openDatabase({ env: { DATABASE_URL: postgres.url }, log: () => {} })
    database.onStateChange(({ to }) => void (to === at && database.close()))
    const seen: string[] = []
    database.onStateChange(({ to }) => seen.push(to))
    await database.connect()
    await database.close()
    t.strictSame(seen, heard)
  }
})

t.test('what an attempt comes to after the close is closed too', async (t) => {
  const refused = 'postgres://u:p@127.0.0.1:1/d'
  for (const options of [
    { strategy: 'never' },
    { strategy: 'always', cwd: t.testdir() },
    { strategy: 'always', cwd: t.testdir(), env: {} },
  ] as OpenOptions[]) {
    const database = open(t, { env: { DATABASE_URL: refused }, ...options })
    void database.connect()
    await database.close()
    t.equal(database.state.status, 'closed')
  }
})

t.test(
  'a primary that was kept beside the fallback is closed too, when that comes after the close',
  async (t) => {
    let isPreparing!: () => void
    let end!: () => void
    const preparing = new Promise<void>((resolve) => (isPreparing = resolve))
    const work = new Promise<void>((resolve) => (end = resolve))
    const readOnly = 'application_name=kept&options=-c%20default_transaction_read_only%3Don'
    const database = open(t, {
      env: { DATABASE_URL: `${postgres.url}?${readOnly}` },
      strategy: { 'read-only': 'fallback' },
      cwd: t.testdir(),
      prepare: async () => {
        isPreparing()
        await work
      },
    })
    void database.connect()
    await preparing
    const admin = await open(t).ready()
    const count = async (): Promise<number> =>
      (await admin('pg_stat_activity').where('application_name', 'kept').pluck('pid')).length
    t.ok(await count())
    await database.close({ timeoutMs: 10 })
    end()
    while (await count()) await sleep(5)
  },
)

t.test('whoever hears of a change may close the database, and then nothing waits', async (t) => {
  for (const { to, strategy } of [
    { to: 'connecting', strategy: 'never' },
    { to: 'unavailable', strategy: 'never' },
    { to: 'fallback', strategy: 'always' },
  ] as const) {
    await t.test(to, async (t) => {
      const time = fakeTime(t)
      const env = { DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d' }
      const database = open(t, { env, strategy, cwd: t.testdir() })
      const seen: string[] = []
      database.onStateChange((change) => {
        seen.push(change.to)
        if (change.to === to) void database.close()
      })
      void database.connect()
      while (database.state.status !== 'closed') await turn()
      const count = seen.length
      await time.pass(60_000)
      t.same(time.left(), [])
      t.same(seen.slice(-2), ['closing', 'closed'])
      t.equal(seen.length, count)
    })
  }
})

t.test('work in flight may finish, within the bound', async (t) => {
  const database = open(t)
  await database.connect()
  await database.knex.schema.dropTableIfExists('flight')
  await database.knex.schema.createTable('flight', (table) => table.integer('n'))
  const work = database.transaction(async (trx) => {
    await trx('flight').insert({ n: 1 })
    await sleep(200)
    await trx('flight').insert({ n: 2 })
  })
  await sleep(50)
  const closing = database.close()
  t.equal(database.state.status, 'closing')
  await t.rejects(
    database.transaction(async () => t.fail()),
    closedError,
  )
  await work
  await closing
  const again = open(t)
  t.same(await (await again.ready())('flight').pluck('n'), [1, 2])
})

t.test('a pin that is never released does not stop the close', async (t) => {
  const database = open(t)
  await database.connect()
  await database.pin()
  t.ok((await measure(() => database.close({ timeoutMs: 100 }))).awakeMs < 200)
  t.equal(database.state.status, 'closed')
})

t.test('the log of SQLite is moved into its file', async (t) => {
  const cwd = t.testdir()
  const database = open(t, { env: {}, strategy: 'always', cwd })
  const knex = await database.ready()
  await knex.schema.createTable('tasks', (table) => table.text('title'))
  const file = join(cwd, 'data', 'failsoft.db')
  t.ok(existsSync(`${file}-wal`))
  await database.close()
  t.ok(existsSync(file) && !existsSync(`${file}-wal`))
})

t.test('await using closes', async (t) => {
  let database: Database
  {
    await using scoped = openDatabase({ env: { DATABASE_URL: 'sqlite::memory:' }, log: () => {} })
    database = scoped
    t.match(await scoped.connect(), { status: 'connected' })
  }
  t.equal(database.state.status, 'closed')
})

t.test('a process ends by itself once the database is closed', async (t) => {
  const { spawn } = await import('node:child_process')
  const { once } = (await import('node:events')).default
  const script = `
    const { openDatabase } = await import('failsoft/knex')
    const database = openDatabase()
    await database.connect()
    await database.knex.raw('select 1')
    await database.close()`
  const child = spawn(...plainNode('--input-type=module', '-e', script), {
    env: { ...process.env, DATABASE_URL: postgres.url },
    stdio: 'inherit',
  })
  const [code] = (await once(child, 'exit')) as [number]
  t.equal(code, 0)
})
