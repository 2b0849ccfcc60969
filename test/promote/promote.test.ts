import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { openDatabase } from 'failsoft/knex'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { promote as promoteBetween } from '#lib/promote/promote.js'
import { openUrl, promote, remake, rowsIn, standInWith, startPlaces, type Place } from './places.js'

const places = await startPlaces(t)

function each(name: string, test: (t: Test, place: Place) => Promise<void>): void {
  for (const place of places) void t.test(`${place.dialect}: ${name}`, (t) => test(t, place))
}

const notes = 'create table notes (id integer primary key, body text)'
const done = { done: true, differences: [], problem: undefined }

each('rows arrive once, however often they are promoted', async (t, place) => {
  const standIn = await standInWith(t, [notes, `insert into notes values (1, 'a'), (2, null), (3, '')`])
  await remake(place, [notes])
  t.match(await promote(standIn, place, { dryRun: true }), {
    done: false,
    rows: 3,
    differences: [],
    problem: undefined,
  })
  t.strictSame(await rowsIn(place.primary, 'select * from notes'), [])
  t.match(await promote(standIn, place), { ...done, rows: 3 })
  t.match(await promote(standIn, place), { ...done, rows: 0 })
  t.strictSame(await rowsIn(place.primary, 'select * from notes order by id'), [
    { id: 1, body: 'a' },
    { id: 2, body: null },
    { id: 3, body: '' },
  ])
  const [record] = await rowsIn(standIn, 'select * from failsoft_stand_in')
  t.match(record, { id: String, promotedAt: String })
})

each('what changed between two runs arrives, also what was deleted', async (t, place) => {
  const standIn = await standInWith(t, [notes, `insert into notes values (1, 'a'), (2, 'b'), (3, 'c')`])
  await remake(place, [notes])
  await promote(standIn, place)
  await standIn.raw(`update notes set body = 'B' where id = 2`)
  await standIn.raw('delete from notes where id = 3')
  await standIn.raw(`insert into notes values (4, 'd')`)
  await place.primary.raw(`insert into notes values (9, 'the primary''s own')`)
  t.match(await promote(standIn, place), { ...done, rows: 3 })
  t.strictSame(await rowsIn(place.primary, 'select * from notes order by id'), [
    { id: 1, body: 'a' },
    { id: 2, body: 'B' },
    { id: 4, body: 'd' },
    { id: 9, body: `the primary's own` },
  ])
  t.match(await promote(standIn, place), { ...done, rows: 0 })
})

each('a row that changed on both sides is left as it is, and named', async (t, place) => {
  const standIn = await standInWith(t, [notes, `insert into notes values (1, 'a'), (2, 'b')`])
  await remake(place, [notes])
  await promote(standIn, place)
  await standIn.raw(`update notes set body = 'here'`)
  await place.primary.raw(`update notes set body = 'there' where id = 2`)
  const report = await promote(standIn, place)
  t.match(report, {
    done: true,
    rows: 1,
    differences: [{ table: 'notes', key: '2', why: /in the stand-in, and changed in the primary/ }],
  })
  t.equal(report.differences.length, 1)
  t.strictSame(await rowsIn(place.primary, 'select body from notes order by id'), [
    { body: 'here' },
    { body: 'there' },
  ])
})

each(
  'a key that exists with other values stops it, or is skipped or overwritten, and is named',
  async (t, place) => {
    const standIn = await standInWith(t, [
      notes,
      `insert into notes values (1, 'same'), (2, 'here'), (3, 'new')`,
    ])
    for (const onConflict of ['fail', 'skip', 'overwrite'] as const) {
      await remake(place, [notes, `insert into notes values (1, 'same'), (2, 'there')`])
      const report = await promote(standIn, place, { onConflict })
      t.match(
        report,
        { done: onConflict !== 'fail', differences: [{ table: 'notes', key: '2', column: 'body' }] },
        onConflict,
      )
      t.equal(report.differences.length, 1)
      t.equal(report.problem !== undefined, onConflict === 'fail')
      const want = {
        fail: ['same', 'there'],
        skip: ['same', 'there', 'new'],
        overwrite: ['same', 'here', 'new'],
      }[onConflict]
      t.strictSame(
        (await rowsIn(place.primary, 'select body from notes order by id')).map(({ body }) => body),
        want,
      )
      await standIn.raw('drop table if exists failsoft_stand_in')
    }
  },
)

each('seed data is not copied, unless somebody changed it', async (t, place) => {
  const seeds = [`1,'seed'`, `2,'seed'`].map((row) =>
    createHash('sha256').update(row).digest('hex').slice(0, 16),
  )
  const standIn = await standInWith(t, [
    notes,
    `insert into notes values (1, 'seed'), (2, 'seed')`,
    'create table failsoft_stand_in (id text primary key, baseline text not null, writtenAt text, promotedAt text)',
  ])
  const baseline = JSON.stringify({ schema: '', tables: { notes: seeds } })
  await standIn('failsoft_stand_in').insert({ id: 'x', baseline })
  await standIn.raw(`update notes set body = 'mine' where id = 2`)
  await standIn.raw(`insert into notes values (3, 'mine')`)
  await remake(place, [notes])
  t.match(await promote(standIn, place), { ...done, rows: 2 })
  t.strictSame(await rowsIn(place.primary, 'select id from notes order by id'), [{ id: 2 }, { id: 3 }])
})

each('tables come after those that they point at, circles too', async (t, place) => {
  const circle = [
    'create table a_people (id integer primary key, boss integer references a_people (id), team integer)',
    'create table b_teams (id integer primary key, lead integer references a_people (id))',
  ]
  const closing = 'alter table a_people add foreign key (team) references b_teams (id)'
  const standIn = await standInWith(t, [
    'create table a_people (id integer primary key, boss integer references a_people (id), team integer references b_teams (id))',
    circle[1]!,
    'insert into a_people values (2, null, null)',
    'insert into b_teams values (1, 2)',
    'insert into a_people values (1, 2, 1), (3, 1, 1)',
  ])
  await remake(place, place.dialect === 'sqlite' ? circle : [...circle, closing])
  t.match(await promote(standIn, place), { ...done, rows: 4 })
  t.strictSame(await rowsIn(place.primary, 'select * from a_people order by id'), [
    { id: 1, boss: 2, team: 1 },
    { id: 2, boss: null, team: null },
    { id: 3, boss: 1, team: 1 },
  ])
})

each('composite keys, text keys and strange names', async (t, place) => {
  const named = (mark: string, quoted: string, second: string): string =>
    [
      `create table ${mark}He said ${quoted}${mark} (${mark}First Key${mark} varchar(40), ${mark}${second}${mark} integer, ${mark}Select${mark} varchar(40)`,
      `primary key (${mark}First Key${mark}, ${mark}${second}${mark}))`,
    ].join(', ')
  const [second, mark] = { postgres: ['b?', '"'], mysql: ['b.c', '`'], sqlite: ['b.c', '"'] }[
    place.dialect as 'mysql'
  ] as [string, string]
  const standIn = await standInWith(t, [
    named('"', '""x""', second),
    `insert into "He said ""x""" values ('it''s', 1, 'x'), ('it''s', 2, 'tab	and \\ back'), ('ä', 1, null)`,
  ])
  const escaped = place.dialect === 'postgres' ? String.raw`b\?` : second
  await remake(place, [named(mark, mark === '"' ? '""x""' : '"x"', escaped)])
  t.match(await promote(standIn, place), { ...done, rows: 3 })
  await standIn.raw(`update "He said ""x""" set "Select" = 'y' where "First Key" = 'ä'`)
  t.match(await promote(standIn, place), { ...done, rows: 1 })
})

each('a table without a key is copied once, and what changes later is named', async (t, place) => {
  const log = 'create table log (line text)'
  const standIn = await standInWith(t, [log, `insert into log values ('a'), ('a'), ('b')`])
  await remake(place, [log])
  t.match(await promote(standIn, place), { ...done, rows: 3 })
  await standIn.raw(`insert into log values ('c')`)
  t.match(await promote(standIn, place), { ...done, rows: 1 })
  await standIn.raw(`update log set line = 'B' where line = 'b'`)
  t.match(await promote(standIn, place), {
    done: true,
    rows: 0,
    differences: [{ table: 'log', why: /has no key/ }],
  })
  t.strictSame(await rowsIn(place.primary, 'select line from log order by line'), [
    { line: 'a' },
    { line: 'a' },
    { line: 'b' },
    { line: 'c' },
  ])
})

each('counters go on after the rows that were copied', async (t, place) => {
  const key = {
    sqlite: 'integer primary key autoincrement',
    postgres: 'serial primary key',
    mysql: 'integer primary key auto_increment',
  }
  const identity = 'create table other (id integer generated always as identity primary key, body varchar(9))'
  const table = (how: string): string => `create table counted (id ${how}, body varchar(9))`
  const standIn = await standInWith(t, [
    table(key.sqlite),
    'create table other (id integer primary key, body varchar(9))',
    `insert into counted values (41, 'a'), (0, 'zero')`,
    `insert into other values (7, 'a')`,
  ])
  const other =
    place.dialect === 'postgres'
      ? identity
      : identity.replace('generated always as identity', place.dialect === 'mysql' ? 'auto_increment' : '')
  await remake(place, [table(key[place.dialect as 'mysql']), other])
  t.match(await promote(standIn, place), { ...done, rows: 3 })
  await place.primary.raw(`insert into counted (body) values ('next')`)
  await place.primary.raw(`insert into other (body) values ('next')`)
  t.strictSame(await rowsIn(place.primary, 'select id from counted order by id'), [
    { id: 0 },
    { id: 41 },
    { id: 42 },
  ])
  t.strictSame(await rowsIn(place.primary, 'select id from other order by id'), [{ id: 7 }, { id: 8 }])
})

void t.test('a counter that the column does not own goes on too', async (t) => {
  const place = places[1]!
  const standIn = await standInWith(t, [notes, `insert into notes values (41, 'a')`])
  await remake(place, [
    'create schema if not exists "Other One"',
    'drop sequence if exists "Other One"."By Name"',
    'create sequence "Other One"."By Name"',
    `create table notes (id integer primary key default nextval('"Other One"."By Name"'), body text)`,
  ])
  t.match(await promote(standIn, place), { ...done, rows: 1 })
  await place.primary.raw(`insert into notes (body) values ('next')`)
  t.strictSame(await rowsIn(place.primary, 'select id from notes order by id'), [{ id: 41 }, { id: 42 }])
})

each('columns that the primary computes or fills in itself', async (t, place) => {
  const standIn = await standInWith(t, [
    'create table prices (id integer primary key, net integer, gross integer generated always as (net * 2) stored)',
    'insert into prices (id, net) values (1, 5)',
  ])
  await remake(place, [
    `create table prices (id integer primary key, net integer, gross integer generated always as (net * 3) stored, state varchar(9) not null default 'new')`,
  ])
  t.match(await promote(standIn, place), { ...done, rows: 1 })
  t.strictSame(await rowsIn(place.primary, 'select * from prices'), [
    { id: 1, net: 5, gross: 15, state: 'new' },
  ])
})

each('what a trigger of the primary changed is named, and does not stop later changes', async (t, place) => {
  const standIn = await standInWith(t, [notes, `insert into notes values (1, 'loud'), (2, 'QUIET')`])
  const trigger = {
    sqlite: [
      `create trigger up after insert on notes begin update notes set body = upper(body) where id = new.id; end`,
    ],
    postgres: [
      `create or replace function up() returns trigger language plpgsql as $$ begin new.body = upper(new.body); return new; end $$`,
      `create trigger up before insert or update on notes for each row execute function up()`,
    ],
    mysql: [`create trigger up before insert on notes for each row set new.body = upper(new.body)`],
  }
  await remake(place, [notes, ...trigger[place.dialect as 'mysql']])
  const report = await promote(standIn, place)
  t.match(report, {
    done: true,
    rows: 2,
    differences: [{ table: 'notes', key: '1', column: 'body', why: /trigger/ }],
  })
  t.equal(report.differences.length, 1)
  await standIn.raw(`update notes set body = 'LOUDER' where id = 1`)
  t.match(await promote(standIn, place), { ...done, rows: 1 })
})

each(
  'what the rules of the primary refuse is named row by row, before anything is written',
  async (t, place) => {
    const standIn = await standInWith(t, [
      'create table parents (id integer primary key)',
      'create table kids (id integer primary key, age integer, name varchar(9), parent integer)',
      `insert into parents values (1)`,
      `insert into kids values (1, 5, 'a', 1), (2, -5, 'b', 1), (3, 5, 'a', 1), (4, 5, 'd', 99)`,
    ])
    await remake(place, [
      'create table parents (id integer primary key)',
      'create table kids (id integer primary key, age integer, name varchar(9) unique, parent integer references parents (id), check (age > 0))',
    ])
    const report = await promote(standIn, place)
    t.match(report, { done: false, rows: 0, problem: { code: 'fallback-has-data', message: /3 things/ } })
    t.strictSame(
      report.differences.map(({ table, key }) => `${table} ${key}`),
      ['kids 2', 'kids 3', 'kids 4'],
    )
    t.strictSame(await rowsIn(place.primary, 'select * from parents'), [], 'nothing was written')
  },
)

each('what has no place in the primary is named', async (t, place) => {
  const standIn = await standInWith(t, [
    'create table here_only (id integer primary key)',
    'create table empty_here (id integer primary key)',
    'create table wide (id integer primary key, extra text)',
    'insert into here_only values (1)',
    `insert into wide values (1, null), (2, 'x')`,
  ])
  await remake(place, ['create table wide (id integer primary key, needed integer not null)'])
  const report = await promote(standIn, place, { dryRun: true })
  t.match(report, { done: false, problem: { code: 'fallback-has-data' } })
  t.strictSame(
    report.differences.map(({ table, key, column, why }) => [table, key, column, why]),
    [
      ['here_only', '', undefined, 'the primary has no such table'],
      ['wide', '', 'needed', 'must have a value, and the stand-in has no such column'],
      ['wide', '2', 'extra', 'the primary has no such column'],
    ],
  )
})

void t.test('a primary that is away is a problem, not an exception', async (t) => {
  const { openUrl } = await import('./places.js')
  const standIn = await standInWith(t, [notes])
  const primary = openUrl(t, 'postgres://u:topsecret@127.0.0.1:1/d')
  const report = await promote(standIn, { dialect: 'postgres', primary })
  t.match(report, { done: false, rows: 0, problem: { code: 'connection-refused' } })
  t.notMatch(JSON.stringify(report), 'topsecret')
})

for (const place of places.filter(({ dialect }) => dialect !== 'postgres')) {
  void t.test(
    `${place.dialect}: a key that differs in case costs no query for each row beside it`,
    async (t) => {
      const collation = place.dialect === 'mysql' ? 'utf8mb4_general_ci' : 'nocase'
      await remake(place, [
        `create table words (id varchar(9) collate ${collation} primary key)`,
        `insert into words values ('W700')`,
      ])
      const standIn = await standInWith(t, [
        'create table words (id varchar(9) primary key)',
        `insert into words with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000) select 'w' || i from n`,
      ])
      let queries = 0
      const count = (): void => void queries++
      place.primary.on('query', count)
      const report = await promote(standIn, place, { onConflict: 'skip' })
      place.primary.removeListener('query', count)
      t.match(report, { ...done, rows: 1999, differences: [{ key: 'w700' }] })
      t.ok(queries < 200, `${queries} queries`)
    },
  )
}

void t.test('the ledger has transactions, whatever engine the server gives to tables', async (t) => {
  const place = places.find(({ dialect }) => dialect === 'mysql')
  if (!place) return t.comment('MariaDB is not installed')
  await remake(place, [`${notes} engine = InnoDB`, 'set global default_storage_engine = MyISAM'])
  t.teardown(() => place.primary.raw('set global default_storage_engine = InnoDB'))
  const standIn = await standInWith(t, [notes, `insert into notes values (1, 'a')`])
  const primary = openUrl(t, place.url!)
  t.match(await promote(standIn, { dialect: 'mysql', primary }), done)
  const sql = `select engine as eng from information_schema.tables where table_name = 'failsoft_promotions'`
  t.strictSame(await rowsIn(primary, sql), [{ eng: 'InnoDB' }])
})

void t.test('a table of an engine without transactions is refused', async (t) => {
  const place = places.find(({ dialect }) => dialect === 'mysql')
  if (!place) return t.comment('MariaDB is not installed')
  const standIn = await standInWith(t, [notes, `insert into notes values (1, 'a')`])
  await remake(place, [`${notes} engine = MyISAM`])
  t.match(await promote(standIn, place), {
    done: false,
    differences: [{ table: 'notes', why: /no transactions/ }],
  })
})

for (const { name, skip } of sqliteDrivers) {
  void t.test(`${name} reads without loss`, { skip }, async (t) => {
    const place = places[1]!
    const standIn = await standInWith(
      t,
      [
        'create table v (id integer primary key, n integer, t text, b blob, r real)',
        `insert into v values (1, 9223372036854775807, 'a' || char(10) || '\\N', x'00ff', 1e300), (-9223372036854775808, -9007199254740993, '\\.', x'', -0.1)`,
      ],
      name,
    )
    await remake(place, [
      'create table v (id bigint primary key, n bigint, t text, b bytea, r double precision)',
    ])
    t.match(await promote(standIn, place), { ...done, rows: 2 })
    t.strictSame(
      await rowsIn(
        place.primary,
        `select id::text, n::text, t, encode(b, 'hex') as b, r from v order by v.id`,
      ),
      [
        { id: '-9223372036854775808', n: '-9007199254740993', t: '\\.', b: '', r: -0.1 },
        { id: '1', n: '9223372036854775807', t: 'a\n\\N', b: '00ff', r: 1e300 },
      ],
    )
    await standIn.raw('delete from v where n > 0')
    t.match(await promote(standIn, place), { ...done, rows: 1 })
  })
}

each('a run that was ended before it was over is known to the next one', async (t, place) => {
  const standIn = await standInWith(t, [
    notes,
    `insert into notes with recursive n (i) as (select 1 union all select i + 1 from n where i < 15000) select i, 'note ' || i from n`,
  ])
  await remake(place, [notes])
  const ended = await promoteBetween({
    ...place,
    standIn,
    target: 'The database',
    mostAtOnce: 0,
    onProgress: ({ step, rows }) => {
      if (step === 'copy' && rows > 12_000) throw new Error('the end')
    },
  })
  t.match(ended, { done: false })
  t.ok((await rowsIn(place.primary, 'select id from notes')).length > 0, 'some rows are there')
  await standIn.raw(`update notes set body = 'changed' where id % 100 = 0`)
  t.match(await promote(standIn, place), { ...done, problem: undefined })
  const sql = `select count(*) as n, sum(case when body = 'changed' then 1 else 0 end) as changed from notes`
  const [found] = await rowsIn(place.primary, sql)
  t.strictSame(Object.values(found!).map(Number), [15_000, 150])
})

void t.test(
  'a file that was promoted is not clean once a row changed, whatever its columns are called',
  async (t) => {
    const table = 'create table named (id integer primary key, rowid integer, v varchar(9))'
    const standIn = await standInWith(t, [
      table,
      `insert into named with recursive n (i) as (select 1 union all select i + 1 from n where i < 200) select i, 1, 'a' from n`,
    ])
    await remake(places[0]!, [table])
    t.match(await promote(standIn, places[0]!), { ...done, rows: 200 })
    const [{ file }] = (await rowsIn(standIn, 'pragma database_list')) as [{ file: string }]
    const isClean = async (): Promise<unknown> => {
      const database = openDatabase({
        url: 'postgres://u:p@127.0.0.1:1/d',
        env: {},
        strategy: 'always',
        sqlite: { filename: file },
        log: () => {},
      })
      const state = await database.connect()
      await database.close()
      return state.status === 'fallback' && state.standIn.clean
    }
    t.equal(await isClean(), true)
    for (const value of ["'b'", "'b' || char(0) || 'c'", "'b' || char(0) || 'd'"]) {
      await standIn.raw(`update named set v = ${value} where id = 150`)
      t.equal(await isClean(), false, value)
      t.match(await promote(standIn, places[0]!), { ...done, rows: 1 })
    }
  },
)

each('virtual tables that hold something are left out and named, in a dry run too', async (t, place) => {
  const standIn = await standInWith(
    t,
    [
      notes,
      `insert into notes values (1, 'a')`,
      'create virtual table docs using fts5(title, body)',
      `insert into docs values ('only', 'here')`,
      'create virtual table places using rtree(id, low, high)',
      'insert into places values (1, 0, 1)',
      'create virtual table empty_docs using fts5(body)',
      `create virtual table index_of_notes using fts5(body, content='notes', content_rowid='id')`,
      `insert into index_of_notes (index_of_notes) values ('rebuild')`,
      'pragma writable_schema = 1',
      `insert into sqlite_schema values ('table', 'lost', 'lost', 0, 'create virtual table lost using no_such_module (a)')`,
      'pragma writable_schema = 0',
    ],
    'sqlite3',
  )
  await remake(place, [notes])
  const differences = ['docs', 'lost', 'places'].map((table) => ({ table, key: '', why: /virtual table/ }))
  for (const want of [
    { dryRun: true, done: false, rows: 1 },
    { dryRun: false, done: true, rows: 1 },
    { dryRun: false, done: true, rows: 0 },
  ]) {
    const report = await promote(standIn, place, { dryRun: want.dryRun })
    t.match(report, { done: want.done, rows: want.rows, differences, problem: undefined })
    t.equal(report.differences.length, 3)
  }
})

void t.test('a stand-in that cannot be read to its end is a problem, not an exception', async (t) => {
  const columns = Array.from({ length: 600 }, (_, index) => `c${index} integer`)
  const wide = `create table wide (id integer primary key, ${columns.join(', ')})`
  const standIn = await standInWith(t, [wide, 'insert into wide (id) values (1)'])
  await remake(places[0]!, [wide])
  t.match(await promote(standIn, places[0]!), { done: false, problem: { code: 'query-failed' } })
})
