import { join } from 'node:path'
import type { Knex } from 'knex'
import t from 'tap'
import { open, temporaryDirectory } from '../../engine/sqlite/open.js'
import { openUrl, rowsIn } from '../../promote/places.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { promoteInProcess } from './process.js'

const kills = Number(process.env['KILLS'] ?? 30)
const rows = Number(process.env['ROWS'] ?? 20_000)
/** On a busy machine a run takes longer, and is killed in the middle only by chance. */
const longest = Number(process.env['LONGEST_MS'] ?? 1500)

async function fill(standIn: Knex, count: number): Promise<void> {
  await standIn.raw(
    'create table people (id integer primary key, name varchar(40), boss integer references people (id))',
  )
  await standIn.raw(
    'create table notes (id varchar(40) primary key, person integer references people (id), body text, at bigint)',
  )
  await standIn.raw(
    `insert into people with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count / 10}) select i, 'person ' || i, case when i > 1 then i / 2 end from n`,
  )
  await standIn.raw(
    `insert into notes with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count}) select 'note-' || i, 1 + i % ${count / 10}, 'body of ' || i || char(10) || '\\', 9007199254740993 + i from n`,
  )
}

const key = {
  postgres: 'serial primary key',
  mysql: 'integer primary key auto_increment',
  sqlite: 'integer primary key autoincrement',
}

async function prepare(primary: Knex, dialect: keyof typeof key): Promise<void> {
  for (const table of ['notes', 'people', 'failsoft_promotions'])
    await primary.schema.dropTableIfExists(table)
  await primary.raw(
    `create table people (id ${key[dialect]}, name varchar(40), boss integer, foreign key (boss) references people (id))`,
  )
  await primary.raw(
    'create table notes (id varchar(40) primary key, person integer, body text, at bigint, foreign key (person) references people (id))',
  )
}

const shown = 'select id, person, body, cast(at as char(20)) as at from notes order by id'

async function servers(): Promise<{ dialect: keyof typeof key; url: string }[]> {
  const postgres = await startPostgres()
  t.teardown(() => postgres.remove())
  const mariadb = await startMariadb()
  const found: { dialect: keyof typeof key; url: string }[] = [
    { dialect: 'postgres', url: postgres.url },
    { dialect: 'sqlite', url: `sqlite:${join(temporaryDirectory(t), 'primary.db')}` },
  ]
  if ('skip' in mariadb) return found
  t.teardown(() => mariadb.remove())
  return [...found, { dialect: 'mysql', url: mariadb.url }]
}

/** What the program is told besides the two databases. */
const ways = [
  { way: 'in one transaction', more: [] },
  { way: 'in chunks', more: ['0'] },
]

const cases = (await servers()).flatMap((server) => ways.map((way) => ({ ...server, ...way })))
for (const { dialect, url, way, more } of cases) {
  void t.test(
    `${dialect}, ${way}: ${kills} kills at random moments, and every row is there once`,
    { timeout: 900_000 },
    async (t) => {
      const primary = openUrl(t, url)
      await prepare(primary, dialect)
      const filename = join(temporaryDirectory(t), 'stand-in.db')
      const standIn = open(t, { filename, driver: 'better-sqlite3' })
      await fill(standIn, rows)
      const args = [`sqlite:${filename}`, url, ...more]
      let ended = 0
      for (let count = 0; count < kills; count++) {
        if (await promoteInProcess(args, 250 + Math.random() * longest)) ended++
        if (count % 10 !== 9) continue
        await standIn.raw(`update notes set body = 'changed ' || ${count} where id like '%${count % 7}'`)
        await standIn.raw(`delete from notes where id = 'note-${count + 1}'`)
        await standIn.raw(`insert into notes values ('new-${count}', 1, null, ${count})`)
      }
      t.comment(`${ended} of the runs were over before they were killed`)
      const last = await promoteInProcess(args)
      t.match(last, { done: true, differences: [] })
      // A diff of so many rows would take minutes: the first that differs is enough.
      const same = (found: string[], wanted: string[]): unknown =>
        found.find((row, index) => row !== wanted[index]) ?? found.length - wanted.length
      const compact = (found: Record<string, unknown>[]): string[] =>
        found.map((row) => JSON.stringify(Object.values(row).map(trimmed))).toSorted()
      const want = compact(await rowsIn(standIn, shown))
      t.ok(want.length >= rows)
      t.equal(same(compact(await rowsIn(primary, shown)), want), 0, 'every row once, and equal')
      const people = 'select id, name, boss from people order by id'
      t.equal(same(compact(await rowsIn(primary, people)), compact(await rowsIn(standIn, people))), 0)
      await primary.raw(`insert into people (name) values ('next')`)
      t.match(await rowsIn(primary, `select id from people where name = 'next'`), [{ id: rows / 10 + 1 }])
    },
  )
}

function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trimEnd() : value
}
