import { pbkdf2 } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { measure } from '../awake.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const mariadb = await startMariadb()
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

interface Subject {
  readonly name: string
  readonly skip?: string | false
  readonly optionsOf: (t: Test) => OpenOptions
  /** A statement that runs for long, on threads of its own, if there is one. */
  readonly long?: string
}

/** It never ends. */
const counting = 'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n'

const subjects: readonly Subject[] = [
  ...sqliteDrivers.map(({ name, skip }) => ({
    name,
    skip,
    optionsOf: (t: Test): OpenOptions => ({
      env: { DATABASE_URL: `sqlite:${join(t.testdir(), 'app.db')}` },
      sqliteDriver: name,
    }),
    ...(name === 'sqlite3' && { long: counting }),
  })),
  {
    name: 'PostgreSQL',
    optionsOf: () => ({ env: { DATABASE_URL: postgres.url } }),
    long: 'select pg_sleep(30)',
  },
  {
    name: 'MariaDB',
    skip: 'skip' in mariadb && mariadb.skip,
    optionsOf: () => ({ env: { DATABASE_URL: 'url' in mariadb ? mariadb.url : '' } }),
    long: 'select sleep(30)',
  },
]

/** What the product promises beyond the bound. */
const roomMs = 100

async function open(t: Test, options: OpenOptions): Promise<Database> {
  const database = openDatabase({ strategy: 'never', log: () => {}, ...options })
  t.teardown(() => database.close({ timeoutMs: 0 }))
  t.match(await database.connect(), { status: 'connected' })
  return database
}

const closeIn = async (database: Database, timeoutMs: number): ReturnType<typeof measure> =>
  measure(() => database.close({ timeoutMs }))

function gate(): { passed: Promise<void>; open(): void } {
  let open!: () => void
  return { passed: new Promise((resolve) => (open = resolve)), open: () => open() }
}

for (const { name, skip = false, optionsOf, long } of subjects) {
  t.test(name, { skip }, async (t) => {
    t.test('an open transaction is rolled back, and its callback gets no further', async (t) => {
      const options = optionsOf(t)
      const database = await open(t, options)
      await database.knex.schema.dropTableIfExists('cut')
      await database.knex.schema.createTable('cut', (table) => table.integer('n'))
      const [written, closed] = [gate(), gate()]
      let statement: unknown
      const work = database.transaction(async (trx) => {
        await trx('cut').insert({ n: 1 })
        written.open()
        await closed.passed
        statement = await trx('cut')
          .insert({ n: 2 })
          .catch((error: unknown) => error)
      })
      const handled = work.catch((error: unknown) => error)
      await written.passed
      const { wallMs, awakeMs } = await closeIn(database, 200)
      t.ok(wallMs > 150 && awakeMs < 200 + roomMs, `${Math.round(awakeMs)} of ${Math.round(wallMs)} ms`)
      t.equal(database.state.status, 'closed')
      const other = await open(t, options)
      t.same(await other.knex('cut').pluck('n'), [], 'nothing of it is seen')
      await other.knex('cut').insert({ n: 3 })
      closed.open()
      t.match(await handled, Error, 'it does not commit')
      t.match(statement, Error, 'and takes no statement')
      if (options.sqliteDriver) t.match([await handled, statement], [{ code: 'closed' }, { code: 'closed' }])
      t.same(await other.knex('cut').pluck('n'), [3])
    })

    t.test('a transaction that only wants to commit cannot', async (t) => {
      const options = optionsOf(t)
      const database = await open(t, options)
      await database.knex.schema.dropTableIfExists('late')
      await database.knex.schema.createTable('late', (table) => table.integer('n'))
      const trx = await database.knex.transaction()
      await trx('late').insert({ n: 1 })
      await closeIn(database, 50)
      const refused = await Promise.resolve(trx.commit()).catch((error: unknown) => error)
      t.match(refused, Error)
      if (options.sqliteDriver) t.match(refused, { code: 'closed' })
      const other = await open(t, options)
      t.same(await other.knex('late').pluck('n'), [])
    })

    t.test('pins that are held, and statements that run, do not outlast the bound', async (t) => {
      const database = await open(t, optionsOf(t))
      const pin = await database.pin()
      const running = long ? database.knex.raw(long).catch((error: unknown) => error) : undefined
      await sleep(20)
      const { awakeMs } = await closeIn(database, 100)
      t.ok(awakeMs < 100 + roomMs, `${Math.round(awakeMs)} ms`)
      t.match(await running, long ? Error : undefined)
      pin.release()
      await t.rejects(Promise.resolve(pin.knex.raw('select 1')))
    })

    t.test('with no time at all it closes at once', async (t) => {
      const database = await open(t, optionsOf(t))
      await database.knex.transaction()
      t.ok((await closeIn(database, 0)).awakeMs < roomMs)
    })

    t.test('Infinity waits, and says nothing', async (t) => {
      const warnings: unknown[] = []
      const warn = (warning: unknown): void => void warnings.push(warning)
      process.on('warning', warn)
      t.teardown(() => process.off('warning', warn))
      const database = await open(t, optionsOf(t))
      const trx = await database.knex.transaction()
      const closing = database.close({ timeoutMs: Infinity })
      t.equal(await Promise.race([closing, sleep(200, 'waits')]), 'waits')
      await trx.raw('select 1')
      await trx.commit()
      await closing
      t.same(warnings, [])
    })

    t.test('an engine that is being prepared is closed too', async (t) => {
      const options = optionsOf(t)
      const [started, closed] = [gate(), gate()]
      let left: Knex.Transaction | undefined
      const database = openDatabase({
        strategy: 'never',
        log: () => {},
        ...options,
        prepare: async (knex) => {
          left = await knex.transaction()
          started.open()
          await closed.passed
        },
      })
      void database.connect()
      await started.passed
      t.ok((await closeIn(database, 100)).awakeMs < 100 + roomMs)
      await t.rejects(Promise.resolve(left?.raw('select 1')))
      closed.open()
    })
  })
}

t.test('sqlite3: a statement that waits for a thread when all is closed is ended too', async (t) => {
  const database = await open(t, { url: `sqlite:${join(t.testdir(), 'app.db')}`, sqliteDriver: 'sqlite3' })
  const threads = [1, 2, 3, 4].map(() => promisify(pbkdf2)('s3cret', 'salt', 300_000, 64, 'sha512'))
  const running = database.knex.raw(counting).catch((error: unknown) => error)
  await database.close({ timeoutMs: 100 })
  t.match(await running, Error)
  await Promise.all(threads)
})
