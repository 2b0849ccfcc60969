import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import {
  openDatabase,
  type ConnectionState,
  type Database,
  type LogEvent,
  type OpenOptions,
  type StateChange,
} from 'failsoft/knex'
import { temporaryDirectory } from '../engine/sqlite/open.js'
import { openUrl, promote as promoteByCommand, rowsIn } from '../promote/places.js'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { refusedPort } from '../servers/refused-port.js'

/** A primary that is away until it is let in. */
interface Away {
  readonly url: string
  letIn(): Promise<void>
  takeAway(): Promise<void>
}

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const mariadb = await startMariadb()
if (!('skip' in mariadb)) t.teardown(() => mariadb.remove())

function sqliteAway(t: Test): Away {
  const inTheWay = join(temporaryDirectory(t), 'inTheWay')
  writeFileSync(inTheWay, '')
  return {
    url: `sqlite:${join(inTheWay, 'app.db')}`,
    letIn: async () => rmSync(inTheWay),
    takeAway: async () => {
      rmSync(inTheWay, { recursive: true })
      writeFileSync(inTheWay, '')
    },
  }
}

const onMariadb: Away | undefined =
  'skip' in mariadb
    ? undefined
    : { url: mariadb.url, letIn: () => mariadb.start(), takeAway: () => mariadb.stop('SIGKILL') }
const onPostgres: Away = { url: postgres.url, letIn: () => postgres.start(), takeAway: () => postgres.stop() }

async function prepare(knex: Knex): Promise<void> {
  if (await knex.schema.hasTable('tasks')) return
  await knex.schema.createTable('tasks', (table) => {
    table.increments()
    table.string('title').unique()
  })
  await knex('tasks').insert({ title: 'seed' })
}

interface Fallen {
  readonly database: Database
  readonly changes: StateChange[]
}

/** A database that runs on its fallback. */
async function fallen(t: Test, { url }: Away, options: OpenOptions = {}): Promise<Fallen> {
  const changes: StateChange[] = []
  const database = openDatabase({
    url,
    env: {},
    strategy: 'always',
    cwd: temporaryDirectory(t),
    log: () => {},
    returnToPrimary: 'manual',
    prepare,
    ...options,
  })
  database.onStateChange((change) => changes.push(change))
  t.teardown(() => database.close())
  t.match(await database.connect(), { status: 'fallback' })
  return { database, changes }
}

const compare = (a: string, b: string): number => (a < b ? -1 : 1)

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(5)
}

function isClean({ state }: Database): boolean {
  return state.status === 'fallback' && state.standIn.clean
}

const titles = async (knex: Knex): Promise<string[]> =>
  await knex('tasks').orderBy('id').pluck<string[]>('title')

async function empty(url: string): Promise<void> {
  const knex = openUrl({ teardown: () => {} }, url)
  await knex.schema.dropTableIfExists('tasks')
  await knex.schema.dropTableIfExists('failsoft_promotions')
  await knex.destroy()
}

async function withServer(t: Test): Promise<Away> {
  await empty(postgres.url)
  await postgres.stop()
  t.teardown(() => postgres.start())
  return onPostgres
}

void t.test('what was written to the fallback is in the primary, which is in use then', async (t) => {
  const away = await withServer(t)
  const { database, changes } = await fallen(t, away)
  await database.knex('tasks').insert([{ title: 'a' }, { title: 'b' }])
  t.match(await database.promote(), { done: false, rows: 0, problem: { code: 'connection-refused' } })
  t.match(database.state, { status: 'fallback' }, 'nothing changed')
  await away.letIn()
  const dry = await database.promote({ dryRun: true })
  t.strictSame(dry, { done: false, rows: 2, differences: [] })
  t.match(database.state, { status: 'fallback' })
  t.strictSame(await database.promote(), { done: true, rows: 2, differences: [] })
  t.match(database.state, { status: 'connected', engine: { dialect: 'postgres' }, generation: 2 })
  t.match(changes.at(-1), { from: 'fallback', to: 'connected', reason: 'promoted; 2 rows were written' })
  t.strictSame(await titles(database.knex), ['seed', 'a', 'b'])
  await database.knex('tasks').insert({ title: 'c' })
  t.strictSame(await database.promote(), { done: true, rows: 0, differences: [] }, 'there is nothing to copy')
})

void t.test('writes wait for the copy, and none that was acknowledged is lost', async (t) => {
  const away = await withServer(t)
  const { database } = await fallen(t, away)
  await away.letIn()
  const acknowledged: string[] = []
  const over = new AbortController()
  const write = async (name: number): Promise<void> => {
    for (let count = 0; !over.signal.aborted; count++) {
      const title = `${name}-${count}`
      if (count % 2 === 0) await database.knex('tasks').insert({ id: 1000 * name + count, title })
      else await database.transaction((trx) => trx('tasks').insert({ id: 1000 * name + count, title }))
      acknowledged.push(title)
      await sleep(1)
    }
  }
  const writers = [1, 2, 3].map(write)
  await sleep(100)
  const reports = await Promise.all([database.promote(), database.promote()])
  t.match(reports, [
    { done: true, differences: [], problem: undefined },
    { done: true, rows: 0, differences: [] },
  ])
  await sleep(50)
  over.abort()
  await Promise.all(writers)
  t.match(database.state, { status: 'connected' })
  t.strictSame(
    (await titles(database.knex)).toSorted(compare),
    ['seed', ...acknowledged].toSorted(compare),
    'each that was acknowledged is there once',
  )
})

void t.test('a row that does not fit, or a key that is there, changes nothing', async (t) => {
  const away = await withServer(t)
  const { database } = await fallen(t, away)
  await away.letIn()
  await database.knex('tasks').insert([
    { id: 2, title: 'a' },
    { id: 3, title: 'x'.repeat(300) },
  ])
  const unfit = await database.promote()
  t.match(unfit, {
    done: false,
    differences: [{ table: 'tasks', key: '3', column: 'title', why: 'has more than 255 characters' }],
    problem: { code: 'fallback-has-data' },
  })
  await database.knex('tasks').where({ id: 3 }).update({ title: 'short' })
  const primary = openUrl(t, away.url)
  await primary('tasks').insert({ id: 2, title: 'other' })
  t.match(await database.promote(), { done: false, differences: [{ key: '2', column: 'title' }] })
  t.match(database.state, { status: 'fallback' })
  t.strictSame(await titles(primary), ['seed', 'other'])
  await database.knex('tasks').insert({ title: 'it goes on' })
  t.match(await database.promote({ onConflict: 'overwrite' }), { done: true, rows: 3, differences: [{}] })
  t.strictSame(await titles(database.knex), ['seed', 'a', 'short', 'it goes on'])
})

/** Lets each insert wait for a minute, and tells whether one does. */
const slowInserts = {
  PostgreSQL: {
    make: [
      `create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$`,
      'create trigger slow before insert on tasks for each row execute function slow()',
    ],
    waiting: `select 1 from pg_stat_activity where wait_event = 'PgSleep'`,
    drop: ['drop trigger slow on tasks', 'drop function slow'],
  },
  MariaDB: {
    make: ['create trigger slow before insert on tasks for each row set @slept = sleep(60)'],
    waiting: `select 1 from information_schema.processlist where state = 'User sleep'`,
    drop: ['drop trigger slow'],
  },
}

for (const [name, { make, waiting, drop }] of Object.entries(slowInserts)) {
  const away = name === 'PostgreSQL' ? onPostgres : onMariadb
  void t.test(
    `${name} that dies in the middle changes nothing`,
    { skip: !away && 'MariaDB is not installed' },
    async (t) => {
      if (!away) return
      await away.letIn()
      await empty(away.url)
      await away.takeAway()
      const { database } = await fallen(t, away)
      await away.letIn()
      await database.knex('tasks').insert({ title: 'a' })
      const primary = openUrl(t, away.url)
      t.match(await database.promote({ dryRun: true }), { rows: 1 })
      for (const sql of make) await primary.raw(sql)
      const promoting = database.promote()
      while ((await rowsIn(primary, waiting)).length === 0) await sleep(10)
      const isWaiting = database.knex('tasks').insert({ title: 'b' })
      await primary.destroy()
      await away.takeAway()
      t.match(await promoting, { done: false, rows: 0, differences: [], problem: {} })
      await isWaiting
      t.match(database.state, { status: 'fallback' })
      t.strictSame(await titles(database.knex), ['seed', 'a', 'b'])
      await away.letIn()
      const again = openUrl(t, away.url)
      for (const sql of drop) await again.raw(sql)
      t.match(await database.promote(), { done: true, rows: 2 })
    },
  )
}

void t.test('a fallback that the command promoted is clean: the program returns by itself', async (t) => {
  const away = sqliteAway(t)
  const { database } = await fallen(t, away, { returnToPrimary: 'when-clean' })
  await database.knex('tasks').insert({ title: 'a' })
  await until(() => !isClean(database))
  const { state } = database
  if (state.status !== 'fallback') throw new Error(state.status)
  await away.letIn()
  const primary = openUrl(t, away.url)
  await prepare(primary)
  const standIn = openUrl(t, `sqlite:${state.location.filename}`)
  t.match(await promoteByCommand(standIn, { dialect: 'sqlite', primary }), { done: true, rows: 1 })
  await until(() => database.state.status !== 'fallback')
  t.match(database.state, { status: 'connected' })
  t.strictSame(await titles(database.knex), ['seed', 'a'])
})

void t.test('a promoted fallback is clean in its next life, until it is written to again', async (t) => {
  const away = sqliteAway(t)
  const cwd = temporaryDirectory(t)
  const first = await fallen(t, away, { cwd })
  await first.database.knex('tasks').insert({ title: 'a' })
  await away.letIn()
  t.match(await first.database.promote(), { done: true, rows: 1 })
  await first.database.close()
  await away.takeAway()
  const second = await fallen(t, away, { cwd })
  t.match(second.database.state, { standIn: { clean: true, tables: 0 } })
  await second.database.knex('tasks').insert({ title: 'b' })
  await until(() => !isClean(second.database))
  await away.letIn()
  t.match(await second.database.promote(), { done: true, rows: 2 }, 'this one was not given the first')
})

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

/** As snake-case mappers do: names are written and read in the program's own way. */
const mappers: NonNullable<OpenOptions['knex']> = {
  wrapIdentifier: (name, wrap) => wrap(name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)),
  postProcessResponse: (response: unknown) =>
    Array.isArray(response)
      ? response.map((row: object) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value])),
        )
      : { rows: [] },
}

void t.test('a program that renames the columns of answers', async (t) => {
  const away = await withServer(t)
  const { database } = await fallen(t, away, {
    knex: mappers,
    prepare: async (knex) => {
      const sql = 'create table if not exists long_names (the_id integer primary key, the_text text)'
      await knex.raw(sql)
    },
  })
  await away.letIn()
  await database.knex('longNames').insert([
    { theId: 1, theText: 'a' },
    { theId: 2, theText: null },
  ])
  t.strictSame(await database.promote(), { done: true, rows: 2, differences: [] })
  const primary = openUrl(t, away.url)
  t.strictSame(await rowsIn(primary, 'select * from long_names order by the_id'), [
    { the_id: 1, the_text: 'a' },
    { the_id: 2, the_text: null },
  ])
  await primary.raw('drop table long_names')
})

void t.test('more rows than a program can wait for are left to the command', async (t) => {
  const away = sqliteAway(t)
  const { database } = await fallen(t, away)
  await away.letIn()
  await database.knex.raw(
    `insert into tasks (title) with recursive n (i) as (select 1 union all select i + 1 from n where i < 10001) select 'task ' || i from n`,
  )
  t.match(await database.promote({ dryRun: true }), { done: false, rows: 10_001, problem: undefined })
  t.match(await database.promote(), {
    done: false,
    rows: 0,
    problem: { code: 'fallback-has-data', message: /10001 rows/, hint: /failsoft promote/ },
  })
  t.match(database.state, { status: 'fallback' })
  await database.knex('tasks').where({ title: 'task 1' }).delete()
  t.match(await database.promote(), { done: true, rows: 10_000 })
})

void t.test('while nothing was written, why it stays is said too', async (t) => {
  const database = openDatabase({
    url: `postgres://app@127.0.0.1:${refusedPort}/tasks`,
    cwd: t.testdir(),
    strategy: 'always',
    log: () => {},
  })
  t.teardown(() => database.close())
  t.match(await database.connect(), { status: 'fallback', standIn: { clean: true } })
  t.match(await database.promote(), { done: false, problem: { code: 'connection-refused', cause: {} } })
})

void t.test('work that does not end', async (t) => {
  const refusedBecauseOf = async (title: string | undefined): Promise<void> => {
    const away = sqliteAway(t)
    const { database } = await fallen(t, away)
    await away.letIn()
    const pin = await database.pin()
    if (title !== undefined) await pin.knex('tasks').insert({ title })
    t.match(await database.promote(), { done: false, problem: { code: 'sqlite-busy' } })
    pin.release()
    t.match(await database.promote(), { done: true, rows: title === undefined ? 0 : 1 })
  }
  await Promise.all([refusedBecauseOf(undefined), refusedBecauseOf('a')])
})

void t.test('a fallback that nothing was written to is only left', async (t) => {
  const away = sqliteAway(t)
  const { database } = await fallen(t, away)
  await away.letIn()
  t.strictSame(await database.promote(), { done: true, rows: 0, differences: [] })
  t.match(database.state, { status: 'connected' })
  t.equal(await database.knex.schema.hasTable('failsoft_promotions'), false)
})

void t.test('a fallback that is gone once the program has left it: the promotion is done', async (t) => {
  const away = sqliteAway(t)
  const events: LogEvent[] = []
  const { database } = await fallen(t, away, { log: (event) => void events.push(event) })
  const { filename } = (database.state as Extract<ConnectionState, { status: 'fallback' }>).location
  await database.knex('tasks').insert({ title: 'a' })
  await away.letIn()
  database.onStateChange(() => rmSync(filename))
  t.strictSame(await database.promote(), { done: true, rows: 1, differences: [] })
  t.match(database.state, { status: 'connected' })
  t.strictSame(await titles(database.knex), ['seed', 'a'])
  t.match(events.at(-1), { level: 'warn', event: 'promote', message: /does not know it\..* was deleted/ })
})

void t.test('where there is nothing to promote into', async (t) => {
  const database = openDatabase({ env: {}, strategy: 'always', cwd: temporaryDirectory(t), log: () => {} })
  t.teardown(() => database.close())
  t.match(await database.promote(), { done: false, problem: { code: 'missing' } })
  const never = openDatabase({ env: {}, strategy: 'never', log: () => {} })
  t.match(await never.promote(), { done: false, problem: { code: 'missing' } })
  await never.close()
  t.match(await never.promote(), { done: false, problem: { code: 'closed' } })
})

void t.test('a wrong option is a programmer’s mistake', async (t) => {
  const database = openDatabase({ env: {} })
  t.teardown(() => database.close())
  // @ts-expect-error - there is no such policy
  await t.rejects(database.promote({ onConflict: 'merge' }), TypeError)
  // @ts-expect-error - it is misspelled
  await t.rejects(database.promote({ dryrun: true }), /dryRun/)
  // @ts-expect-error - it is no boolean
  await t.rejects(database.promote({ dryRun: 1 }), TypeError)
})

void t.test('into MariaDB', { skip: 'skip' in mariadb && mariadb.skip }, async (t) => {
  if ('skip' in mariadb) return
  await empty(mariadb.url)
  await mariadb.stop()
  const { database } = await fallen(t, { url: mariadb.url } as Away)
  await database.knex('tasks').insert({ title: 'a' })
  await mariadb.start()
  t.match(await database.promote(), { done: true, rows: 1 })
  t.strictSame(await titles(database.knex), ['seed', 'a'])
  const [[{ mode }]] = (await database.knex.raw('select @@sql_mode as mode')) as [[{ mode: string }]]
  t.notMatch(mode, /NO_AUTO_VALUE_ON_ZERO/, 'its sessions are as they were')
})
