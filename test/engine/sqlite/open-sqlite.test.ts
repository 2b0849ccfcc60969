import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Knex } from 'knex'
import t from 'tap'
import type { LogEvent } from '#lib/engine/engine.js'
import { clientOf, dialectOf, type KnexPool } from '#lib/engine/knex-client.js'
import { chooseDriver } from '#lib/engine/sqlite/drivers.js'
import { Preparation } from '#lib/engine/sqlite/preparation.js'
import { FileWatch } from '#lib/engine/sqlite/file-watch.js'
import { openSqlite, type OpenSqliteOptions } from '#lib/engine/sqlite/open-sqlite.js'
import { sqliteClient } from '#lib/engine/sqlite/dialect.js'
import type { SqliteClient } from '#lib/engine/sqlite/sqlite-client.js'
import { sqliteDrivers } from './drivers.js'
import { open, temporaryDirectory } from './open.js'
import makeKnex from 'knex'

type Settings = Record<string, unknown>

const names = [
  'journal_mode',
  'synchronous',
  'foreign_keys',
  'busy_timeout',
  'journal_size_limit',
  'trusted_schema',
  'locking_mode',
  'query_only',
]

/** What a connection says of itself. */
async function settings(connection: Knex): Promise<Settings> {
  const said: Settings = {}
  for (const name of names) {
    const [row] = (await connection.raw(`pragma ${name}`)) as [object]
    said[name] = Object.values(row)[0]
  }
  return said
}

const local = { journal_mode: 'wal', foreign_keys: 1, journal_size_limit: 64 * 2 ** 20, trusted_schema: 0 }

const profiles: readonly {
  name: string
  options: Partial<OpenSqliteOptions> & { filename?: string; params?: Record<string, string> }
  want: Settings
  /** Whether there are readers beside the writer. */
  readers: boolean
}[] = [
  { name: 'a fallback', options: {}, want: { ...local, synchronous: 1 }, readers: true },
  { name: 'a primary', options: { role: 'primary' }, want: { ...local, synchronous: 2 }, readers: true },
  {
    name: 'a network file system',
    options: { filesystem: 'network' },
    want: { ...local, journal_mode: 'delete', locking_mode: 'exclusive', synchronous: 2 },
    readers: false,
  },
  {
    name: 'memory',
    options: { filename: ':memory:' },
    want: { foreign_keys: 1, trusted_schema: 0, journal_mode: 'memory' },
    readers: false,
  },
  {
    name: 'parameters',
    options: {
      params: { journal_mode: 'truncate', synchronous: 'extra', foreign_keys: 'off', busy_timeout: '10' },
    },
    want: { journal_mode: 'truncate', synchronous: 3, foreign_keys: 0, busy_timeout: 10 },
    readers: false,
  },
]

/** Closes the connections that nobody uses, as the pool does after half a minute. */
async function dropIdle(pool: KnexPool | undefined): Promise<void> {
  const idle = pool as unknown as { idleTimeoutMillis: number; check(): void; numFree(): number }
  idle.idleTimeoutMillis = 1
  while (idle.numFree() > 0) {
    idle.check()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(driver, { skip }, async (t) => {
    for (const { name, options, want, readers } of profiles) {
      await t.test(`each connection of ${name} is set up`, async (t) => {
        const events: LogEvent[] = []
        const knex = open(t, { driver, log: (event) => events.push(event), ...options })
        t.match(await knex.transaction(settings), { ...want, query_only: 0 }, 'the writer')
        t.match(await settings(knex), { ...want, query_only: readers ? 1 : 0 }, 'a reader')
        const warnings = name === 'a network file system' ? ['sqlite-network'] : []
        t.same(
          events.map(({ event }) => event),
          warnings,
          'every setting was taken',
        )
      })
    }

    await t.test('the busy timeout fits the driver', async (t) => {
      const { busy_timeout: timeout } = await settings(open(t, { driver }))
      t.equal(timeout, driver === 'sqlite3' ? 5000 : 20)
    })

    await t.test('mode=ro reads, and writes nothing', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const writable = open(t, { driver, filename })
      await writable.schema.createTable('t', (table) => table.integer('a'))
      await writable.destroy()
      const knex = open(t, { driver, filename, params: { mode: 'ro' } })
      t.same(await knex('t'), [])
      await t.rejects(knex('t').insert({ a: 1 }), { code: /^SQLITE_READONLY/ })
      await knex.destroy()
    })

    await t.test('mode=rw creates no file', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const knex = open(t, { driver, filename, params: { mode: 'rw' } })
      await t.rejects(knex.raw('select 1'), { code: 'sqlite-cannot-open' })
      t.notOk(existsSync(filename))
    })

    await t.test('a file that was deleted is not made anew, empty', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const knex = open(t, { driver, filename })
      await knex.schema.createTable('t', (table) => table.integer('a'))
      const client = clientOf(knex) as SqliteClient
      for (const pool of [client.pool, client.asReader().pool]) await dropIdle(pool)
      for (const file of readdirSync(dirname(filename)))
        rmSync(join(dirname(filename), file), { force: true })
      await t.rejects(knex('t'), { code: 'sqlite-cannot-open' })
      await t.rejects(knex('t').insert({ a: 1 }), { code: 'sqlite-cannot-open' })
      t.notOk(existsSync(filename))
    })

    await t.test('what was closed is made anew by initialize() where its file was deleted', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const knex = open(t, { driver, filename })
      await knex.raw('create table t (a integer)')
      await knex.destroy()
      rmSync(filename)
      knex.initialize()
      await knex.raw('create table t (a integer)')
      t.same(await knex('t'), [])
      rmSync(filename)
      await t.rejects(knex('t').insert({ a: 1 }), { code: 'sqlite-cannot-open' }, 'and is watched again')
      await knex.destroy()
    })

    await t.test('a file is watched on where initialize() is called while it is open', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const knex = open(t, { driver, filename })
      await knex.raw('create table t (a integer)')
      knex.initialize()
      rmSync(filename)
      await t.rejects(knex('t').insert({ a: 1 }), { code: 'sqlite-cannot-open' })
    })

    await t.test('a table that is called temp is nothing of its own', async (t) => {
      const knex = open(t, { driver })
      await knex.raw('create table temp (celsius integer)')
      await knex.raw('create view warm as select temp.celsius from temp')
      await knex.transaction(async () => t.same(await knex('warm'), []))
    })

    for (const sql of [
      'create temporary table own (a integer)',
      'create table temp.own (a integer)',
      'create table if not exists `temp`.`own` (a integer)',
      'create view "temp".own as select 1 as a where false',
      '-- mine\n/* and * mine */ create temp table own (a integer)',
      '-- mine\r\ncreate temp table own (a integer)',
    ]) {
      await t.test(`what only its connection knows of is read there: ${sql}`, async (t) => {
        const knex = open(t, { driver })
        await knex.raw(sql)
        t.same(await knex('own'), [])
        t.same(await knex.withSchema('temp').from('own'), [])
      })
    }

    await t.test('a name that ends with a blank is no other file', async (t) => {
      const directory = temporaryDirectory(t)
      const knex = open(t, { driver, filename: join(directory, 'x.db ') })
      const made = Promise.resolve(knex.raw('create table t (a integer)'))
      if (driver === 'better-sqlite3') await t.rejects(made, { code: 'SQLITE_CANTOPEN', message: /blank/ })
      else await made
      t.notOk(existsSync(join(directory, 'x.db')))
    })

    await t.test('a file that cannot be opened fails every query with its own error', async (t) => {
      const knex = open(t, { driver, filename: temporaryDirectory(t), acquireTimeoutMs: 200 })
      for (const query of [() => knex('t').insert({ a: 1 }), () => knex('t').select()]) {
        const all = await Promise.allSettled(Array.from({ length: 40 }, () => query()))
        const codes = new Set(
          all.map((one) => one.status === 'rejected' && (one.reason as NodeJS.ErrnoException).code),
        )
        t.same(codes, new Set(['sqlite-cannot-open']))
      }
    })

    await t.test('closing moves the log into the file, once', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const knex = open(t, { driver, filename })
      const other = open(t, { driver, filename })
      await knex.schema.createTable('t', (table) => table.integer('a'))
      await other('t')
      t.ok(existsSync(`${filename}-wal`))
      let calls = 0
      const called = new Promise<void>((resolve) =>
        knex.destroy(() => {
          calls++
          resolve()
        }),
      )
      await Promise.all([called, clientOf(knex).destroy(), clientOf(knex).destroy()])
      await knex.destroy()
      t.equal(calls, 1)
      const [checkpoint] = (await other.raw('pragma wal_checkpoint(passive)')) as [{ log: number }]
      t.equal(checkpoint.log, 0, 'nothing is left in the log while another program has the file open')
      await other.destroy()
      t.same(readdirSync(dirname(filename)), ['x.db'])
      await t.rejects(knex('t').insert({ a: 1 }), /Unable to acquire a connection/)
      await t.rejects(knex('t'), /Unable to acquire a connection/)
    })

    await t.test('closing a database that was never used makes no file', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      await open(t, { driver, filename }).destroy()
      t.notOk(existsSync(filename))
    })

    await t.test('a setting that SQLite does not take is reported', async (t) => {
      const chosen = chooseDriver(driver)
      if (!chosen.ok) throw new Error(chosen.problem.message)
      const events: LogEvent[] = []
      const client = sqliteClient(dialectOf(chosen.knex, chosen.description.knexClient), {
        ...chosen,
        profile: {
          filename: ':memory:',
          readOnly: false,
          mustExist: false,
          oneConnection: true,
          waitMs: 0,
          asksAgain: false,
          checkpoints: true,
          pragmas: [['journal_mode', 'wal']],
        },
        preparation: new Preparation({ filename: ':memory:', mayCreate: true }, driver),
        watch: new FileWatch(':memory:', { isWatched: true }),
        KnexTimeoutError: chosen.knex.KnexTimeoutError,
        log: (event) => events.push(event),
      })
      const knex = makeKnex({
        client: client as unknown as typeof Knex.Client,
        connection: { filename: ':memory:' },
        useNullAsDefault: true,
      })
      t.teardown(() => knex.destroy())
      await knex.raw('select 1')
      const details = { pragma: 'journal_mode', asked: 'wal', got: 'memory' }
      t.match(events, [{ level: 'warn', event: 'sqlite-setting', details }])
    })

    await t.test('what knex has to say goes to the log, not to the console', async (t) => {
      const events: LogEvent[] = []
      const knex = open(t, { driver, log: (event) => events.push(event) })
      const { logger } = knex.client as { logger: Record<string, (text: string) => void> }
      for (const level of ['debug', 'warn', 'error'] as const) logger[level]?.(level)
      t.match(events, [
        { level: 'debug', event: 'knex', message: 'debug' },
        { level: 'warn', event: 'knex', message: 'warn' },
        { level: 'error', event: 'knex', message: 'error' },
      ])
    })

    await t.test('the values of a statement that failed are not in its error', async (t) => {
      const knex = open(t, { driver })
      const error = await knex('absent')
        .insert({ password: 's3cret' })
        .catch((error: Error) => error)
      t.notMatch(String((error as unknown as Error).stack), /s3cret/)
    })
  })
}

void t.test('what is asked for wrongly', async (t) => {
  const options = { role: 'fallback', filesystem: 'local' } as const
  for (const filename of ['x.db', '', './x.db'])
    t.throws(() => openSqlite({ filename, params: {} }, options), { name: 'TypeError', message: /filename/ })
  t.match(openSqlite({ filename: '/x.db', params: { mode: 'x' } }, options), {
    problem: { code: 'invalid-parameter' },
  })
})
