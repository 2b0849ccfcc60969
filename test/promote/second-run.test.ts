import t from 'tap'
import { promote, remake, rowsIn, standInWith, startPlaces, type Place } from './places.js'

const places = await startPlaces(t)

type Words = string | Readonly<Partial<Record<Place['dialect'], string>>>

/** What is done on both sides between two runs, and what is there and was named after the second one. */
interface Case {
  readonly name: string
  /** The tables; those of the database may differ, and a database for which there are none is left out. */
  readonly here: readonly string[]
  readonly there: readonly Words[]
  /** What is written to the file before the first run. */
  readonly rows: readonly string[]
  /** What is done to the file and to the database between the two runs. */
  readonly changes: readonly string[]
  readonly changesThere?: readonly string[]
  /** What the database is asked in the end, and what it answers, line by line. */
  readonly ask: string
  readonly want: readonly string[]
  /** The keys of the rows that are named, with a part of why. */
  readonly named?: Readonly<Record<string, RegExp>>
}

const cases: readonly Case[] = [
  {
    name: 'keys are found again in a file of UTF-16',
    here: [`pragma encoding = 'UTF-16'`, 'create table t (id text primary key, j text)'],
    there: [
      {
        sqlite: 'create table t (id text primary key, j text)',
        postgres: 'create table t (id text primary key, j jsonb)',
        mysql: 'create table t (id varchar(40) character set utf8mb4 primary key, j json)',
      },
    ],
    rows: [`insert into t values ('a1', '{}'), ('ä😀', '{}'), ('\uFFFD', '{}')`],
    changes: [`delete from t where id = 'a1'`],
    ask: 'select id from t order by id',
    want: ['ä😀', '\uFFFD'],
  },
  {
    name: 'texts of all kinds are found again',
    here: ['create table t (id text primary key, n integer)'],
    there: [
      {
        sqlite: 'create table t (id text primary key, n integer)',
        mysql: 'create table t (id varchar(40) primary key, n integer)',
      },
    ],
    rows: [
      `insert into t values ('it''s', 1), ('a?', 1), ('\\?', 1), (':a', 1), ('a' || char(0) || 'b', 1), (char(10), 1), ('''', 1), ('', 1)`,
    ],
    changes: ['update t set n = 2'],
    ask: 'select count(*) as c, sum(n) as s from t',
    want: ['8 16'],
  },
  {
    name: 'floats that are keys are found again',
    here: ['create table t (id real primary key, n integer)'],
    there: [
      {
        sqlite: 'create table t (id real primary key, n integer)',
        postgres: 'create table t (id double precision primary key, n integer)',
      },
    ],
    rows: ['insert into t values (9e999, 1), (-9e999, 1), (6213893046292448000.0, 1), (1e300, 1), (-0.1, 1)'],
    changes: ['update t set n = 2'],
    ask: 'select count(*) as c, sum(n) as s from t',
    want: ['5 10'],
  },
  {
    name: 'floats of four bytes that are keys are found again',
    here: ['create table t (id real primary key, n integer)'],
    there: [
      {
        postgres: 'create table t (id real primary key, n integer)',
        mysql: 'create table t (id float primary key, n integer)',
      },
    ],
    rows: ['insert into t values (0.1, 1), (0.25, 1), (0.33333334, 1), (3.3, 1), (16777216, 1), (1e-40, 1)'],
    changes: ['update t set n = 2', 'delete from t where id = 3.3'],
    ask: 'select count(*) as c, sum(n) as s from t',
    want: ['5 10'],
  },
  {
    name: 'floats of both sizes in one key',
    here: ['create table t (a real, b real, n integer, primary key (a, b))'],
    there: [
      {
        sqlite: 'create table t (a real, b real, n integer, primary key (a, b))',
        postgres: 'create table t (a double precision, b real, n integer, primary key (a, b))',
        mysql: 'create table t (a double, b double, n integer, primary key (a, b))',
      },
    ],
    rows: ['insert into t values (0.5, 1.5, 1), (0.1, 0.25, 1), (-2, 1e10, 1)'],
    changes: ['update t set n = 2', 'delete from t where a = -2'],
    ask: 'select n from t order by a',
    want: ['2', '2'],
  },
  {
    name: 'keys that the database writes in its own way',
    here: ['create table t (id text primary key, n integer)'],
    there: [
      {
        postgres: 'create table t (id inet primary key, n integer)',
        mysql: 'create table t (id inet6 primary key, n integer)',
      },
    ],
    rows: [`insert into t values ('::1', 1), ('::2', 1), ('::3', 1)`],
    changes: [`update t set n = 2 where id = '::1'`, `delete from t where id = '::2'`],
    ask: 'select id, n from t order by id',
    want: ['::1 2', '::3 1'],
  },
  {
    name: 'values of types that the database writes in its own way',
    here: ['create table t (id integer primary key, a text, b text)'],
    there: [
      'create type pair as (x integer, y integer)',
      'create table t (id integer primary key, a inet, b pair)',
    ].map((postgres) => ({ postgres })),
    rows: [`insert into t values (1, '10.0.0.1', '(1,)'), (2, null, null), (3, '10.0.0.0/8', '(,)')`],
    changes: [`update t set a = '10.0.0.2' where id = 1`],
    ask: `select id, a, coalesce(b::text, 'none') as b from t order by id`,
    want: ['1 10.0.0.2 (1,)', '2  none', '3 10.0.0.0/8 (,)'],
  },
  {
    name: 'keys that may be written in many ways',
    here: ['create table t (id text primary key, n integer)'],
    there: [
      {
        postgres: 'create table t (id interval primary key, n integer)',
        mysql: 'create table t (id time primary key, n integer)',
      },
    ],
    rows: [`insert into t values ('1:00', 1), ('2:00', 1), ('3:00', 1)`],
    changes: [`update t set n = 2 where id = '1:00'`, `delete from t where id = '2:00'`],
    ask: 'select n from t order by id',
    want: ['2', '1'],
    named: { '1:00': /is not what was written/, '3:00': /is not what was written/ },
  },
  {
    name: 'numbers in JSON that a double does not hold',
    here: ['create table t (id integer primary key, j text)'],
    there: [
      {
        postgres: 'create table t (id integer primary key, j jsonb)',
        mysql: 'create table t (id integer primary key, j json)',
      },
    ],
    rows: [
      `insert into t values (1, '{"n":[1234567890123456789,1.50,-0,1e2]}'), (2, '{"n":"1234567890123456789"}')`,
    ],
    changes: [`update t set j = '{"n":[1234567890123456788,1.50,-0,1e2]}' where id = 1`],
    ask: `select count(*) as n from t where cast(j as char(60)) like '%1234567890123456788,%'`,
    want: ['1'],
  },
  {
    name: 'a key that differs in case alone takes no rows with it',
    here: [
      'create table parents (id varchar(9) primary key, n integer)',
      'create table kids (id integer primary key, parent varchar(9))',
    ],
    there: [
      {
        sqlite: 'create table parents (id varchar(9) collate nocase primary key, n integer)',
        mysql: 'create table parents (id varchar(9) collate utf8mb4_general_ci primary key, n integer)',
      },
      {
        sqlite:
          'create table kids (id integer primary key, parent varchar(9) collate nocase references parents (id) on delete cascade)',
        mysql:
          'create table kids (id integer primary key, parent varchar(9) collate utf8mb4_general_ci, foreign key (parent) references parents (id) on delete cascade)',
      },
    ],
    rows: [`insert into parents values ('abc', 1), ('d', 1)`, `insert into kids values (1, 'abc'), (2, 'd')`],
    changes: [
      `update parents set id = 'ABC', n = 2 where id = 'abc'`,
      `update kids set parent = 'ABC' where id = 1`,
    ],
    ask: 'select kids.id, parents.n from kids join parents on parents.id = parent order by kids.id',
    want: ['1 2', '2 1'],
    named: { ABC: /is not what was written/ },
  },
  {
    name: 'rows that move from a row which is deleted to a new one are not deleted with it',
    here: [
      'create table parents (id integer primary key, code varchar(9) not null unique)',
      'create table kids (id integer primary key, parent integer)',
    ],
    there: [
      'create table parents (id integer primary key, code varchar(9) not null unique)',
      'create table kids (id integer primary key, parent integer, foreign key (parent) references parents (id) on delete cascade)',
    ],
    rows: [`insert into parents values (1, 'a'), (5, 'b')`, 'insert into kids values (1, 1), (2, 5), (3, 5)'],
    changes: ['update parents set id = 2 where id = 1', 'update kids set parent = 2 where id = 1'],
    changesThere: ['delete from kids where id = 3'],
    ask: 'select id, parent from kids order by id',
    want: ['1 2', '2 5'],
    named: { 3: /it was deleted there/ },
  },
  {
    name: 'rows that were deleted with others are put back in whatever order they point at one another',
    here: ['create table cats (id integer primary key, code varchar(9) not null unique, parent integer)'],
    there: [
      'create table cats (id integer primary key, code varchar(9) not null unique, parent integer, foreign key (parent) references cats (id) on delete cascade)',
    ],
    rows: [`insert into cats values (1, 'a', null), (3, 'c', 4), (4, 'd', 5), (5, 'e', 1)`],
    changes: ['update cats set id = 2 where id = 1', 'update cats set parent = 2 where id = 5'],
    ask: 'select id, code, parent from cats order by id',
    want: ['2 a ', '3 c 4', '4 d 5', '5 e 2'],
  },
  {
    name: 'a new row that a trigger keeps out is named, whatever else has to wait',
    here: ['create table t (id integer primary key, code varchar(9) unique)'],
    there: [
      'create table t (id integer primary key, code varchar(9) unique)',
      {
        sqlite: 'create trigger no before insert on t when new.id = 9 begin select raise(ignore); end',
        postgres: `create or replace function no() returns trigger language plpgsql as 'begin if new.id = 9 then return null; end if; return new; end'`,
      },
      {
        sqlite: 'select 1',
        postgres: 'create trigger no before insert on t for each row execute function no()',
      },
    ],
    rows: [`insert into t values (1, 'a'), (2, 'b')`],
    changes: [`update t set code = 'b2' where id = 2`, `insert into t values (3, 'b'), (9, 'z')`],
    ask: 'select id, code from t order by id',
    want: ['1 a', '2 b2', '3 b'],
    named: { 9: /is no longer in the primary/ },
  },
  {
    name: 'rows that the database deletes with others are named',
    here: [
      'create table parents (id integer primary key)',
      'create table kids (id integer primary key, parent integer)',
    ],
    there: [
      'create table parents (id integer primary key)',
      'create table kids (id integer primary key, parent integer, foreign key (parent) references parents (id) on delete cascade)',
    ],
    rows: ['insert into parents values (1), (2)', 'insert into kids values (1, 1), (2, 2), (3, 1)'],
    changes: ['delete from parents where id = 1', 'delete from kids where id = 3'],
    ask: 'select id, parent from kids order by id',
    want: ['2 2'],
    named: { 1: /deleted/ },
  },
  {
    name: 'a key that is spelled anew is the same row',
    here: ['create table t (id text primary key, n text)'],
    there: [
      'create table u (id uuid primary key, n text)',
      'create table t (id uuid primary key, n text)',
    ].map((postgres) => ({ postgres })),
    rows: [
      `insert into t values ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'a'), ('b0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'b'), ('c0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'c'), ('d0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'd')`,
    ],
    changes: [
      `update t set id = upper(id) where n in ('a', 'b')`,
      `update t set n = 'B' where n = 'b'`,
      `update t set n = 'C' where n = 'c'`,
      `delete from t where n = 'd'`,
    ],
    ask: 'select left(id::text, 1) as id, n from t order by id',
    want: ['a a', 'b B', 'c C'],
  },
  {
    name: 'a number as a key that is spelled anew is the same row',
    here: ['create table t (id text primary key, n text)'],
    there: [
      {
        postgres: 'create table t (id numeric primary key, n text)',
        mysql: 'create table t (id decimal(8, 3) primary key, n varchar(9))',
      },
    ],
    rows: [`insert into t values ('1.50', 'a'), ('2.50', 'b'), ('3.50', 'c')`],
    changes: [
      `update t set id = '1.5' where id = '1.50'`,
      `update t set id = '2.5', n = 'B' where id = '2.50'`,
    ],
    ask: 'select n from t order by id',
    want: ['a', 'B', 'c'],
  },
  {
    name: 'an address as a key that is spelled anew is the same row',
    here: ['create table t (id text primary key, n text)'],
    there: [{ postgres: 'create table t (id inet primary key, n text)' }],
    rows: [`insert into t values ('10.0.0.1', 'a'), ('10.0.0.2', 'b'), ('10.0.0.3', 'c')`],
    changes: [
      `update t set id = '10.0.0.1/32' where n = 'a'`,
      `update t set id = '10.0.0.2/32', n = 'B' where n = 'b'`,
      `delete from t where n = 'c'`,
    ],
    ask: 'select id, n from t order by id',
    want: ['10.0.0.1 a', '10.0.0.2 B'],
    named: { '10.0.0.1/32': /is not what was written/, '10.0.0.2/32': /is not what was written/ },
  },
  {
    name: 'a deletion that the database refuses is named by each run',
    here: ['create table a (id integer primary key)'],
    there: [
      'create table a (id integer primary key)',
      'create table b (id integer primary key, a integer references a (id))',
    ],
    rows: ['insert into a values (1), (2)'],
    changes: ['delete from a'],
    changesThere: ['insert into b values (100, 1)'],
    ask: 'select id from a',
    want: ['1'],
    named: { '1': /the primary refuses to delete it/ },
  },
  {
    name: 'a deletion that the database refuses in a table that points at itself',
    here: ['create table c (id integer primary key, p integer)'],
    there: ['create table c (id integer primary key, p integer references c (id))'],
    rows: ['insert into c values (1, null), (2, 1), (3, null), (4, 3)'],
    changes: ['delete from c where id < 4', 'update c set p = null'],
    changesThere: ['insert into c values (100, 1)'],
    ask: 'select id, p from c order by id',
    want: ['1 ', '4 ', '100 1'],
    named: { '1': /the primary refuses to delete it/ },
  },
  {
    name: 'a deletion that the database refuses at the end of a transaction',
    here: ['create table a (id integer primary key)'],
    there: [
      'create table a (id integer primary key)',
      'create table b (id integer primary key, a integer references a (id) deferrable initially deferred)',
    ].map((postgres) => ({ postgres })),
    rows: ['insert into a values (1), (2)'],
    changes: ['delete from a'],
    changesThere: ['insert into b values (100, 1)'],
    ask: 'select id from a',
    want: ['1'],
    named: { '1': /the primary refuses to delete it/ },
  },
  {
    name: 'a row that gave up a unique value and points at the new row that took it',
    here: ['create table c (id integer primary key, p integer, u integer)'],
    there: [
      {
        sqlite: 'create table c (id integer primary key, p integer references c (id), u integer unique)',
        postgres:
          'create table c (id integer primary key, p integer references c (id) deferrable initially deferred, u integer unique)',
      },
    ],
    rows: ['insert into c values (1, null, 10), (3, null, 30)'],
    changes: [
      'update c set u = 11, p = 2 where id = 1',
      'insert into c values (2, null, 10)',
      'delete from c where id = 3',
    ],
    ask: 'select id, p, u from c order by id',
    want: ['1 2 11', '2  10'],
  },
  {
    name: 'rows that point at one another are deleted in whichever order',
    here: ['create table c (id integer primary key, p integer references c (id))'],
    there: ['create table c (id integer primary key, p integer references c (id))'],
    rows: [
      'insert into c values (5, null), (6, 5), (7, 6), (4, null)',
      'insert into c values (3, 4), (2, 3)',
    ],
    changes: ['pragma foreign_keys = 0', 'delete from c where id <> 5'],
    ask: 'select id from c',
    want: ['5'],
  },
  {
    name: 'a time as a key that is spelled anew is the same row',
    here: ['create table t (id text primary key, n text)'],
    there: [
      {
        postgres: 'create table t (id timestamptz primary key, n text)',
        mysql: 'create table t (id datetime primary key, n varchar(9))',
      },
    ],
    rows: [`insert into t values ('2024-01-03T10:00:00Z', 'a'), ('2024-01-04T10:00:00Z', 'b')`],
    changes: [
      `update t set id = '2024-01-03 10:00:00', n = 'A' where n = 'a'`,
      `update t set id = '2024-01-04 10:00:00' where n = 'b'`,
    ],
    ask: 'select n from t order by id',
    want: ['A', 'b'],
  },
  {
    name: 'rows without a key that VACUUM numbered again are not copied again',
    here: ['create table log (line varchar(9))'],
    there: ['create table log (line varchar(9))'],
    rows: [`insert into log values ('a'), ('b'), ('c'), ('d'), ('d')`, `delete from log where line < 'c'`],
    changes: ['vacuum'],
    ask: 'select line from log order by line',
    want: ['c', 'd', 'd'],
  },
  {
    name: 'a new row without a key that has the number of an old one',
    here: ['create table log (line varchar(9))'],
    there: ['create table log (line varchar(9))'],
    rows: [`insert into log values ('a'), ('b'), ('c'), ('d'), ('d')`, `delete from log where line < 'c'`],
    changes: ['vacuum', `insert into log values ('e'), ('d')`],
    ask: 'select line from log order by line',
    want: ['c', 'd', 'd', 'd', 'e'],
  },
  {
    name: 'rows without a key that were changed and numbered again',
    here: ['create table log (line varchar(9))'],
    there: ['create table log (line varchar(9))'],
    rows: [`insert into log values ('a'), ('b'), ('c'), ('d'), ('d')`, `delete from log where line < 'c'`],
    changes: [`update log set line = 'C' where line = 'c'`, 'vacuum', `insert into log values ('e')`],
    ask: 'select line from log order by lower(line), line desc',
    want: ['c', 'C', 'd', 'd', 'e'],
    named: { '3': /has no key/ },
  },
  {
    name: 'rows without a key in a table that was made anew',
    here: ['create table log (line varchar(9))'],
    there: ['create table log (line varchar(9))'],
    rows: [`insert into log values ('a'), ('b'), ('c'), ('d'), ('d')`, `delete from log where line < 'c'`],
    changes: [
      'create table new (line text)',
      'insert into new select * from log order by line desc',
      'drop table log',
      'alter table new rename to log',
    ],
    ask: 'select line from log order by line',
    want: ['c', 'd', 'd'],
  },
  {
    name: 'a row without a key that was deleted and written again',
    here: ['create table log (line varchar(9))'],
    there: ['create table log (line varchar(9))'],
    rows: [`insert into log values ('a'), ('b'), ('c'), ('d'), ('d')`, `delete from log where line < 'c'`],
    changes: [`delete from log where line = 'c'`, `insert into log values ('c')`],
    ask: 'select line from log order by line',
    want: ['c', 'd', 'd'],
  },
  {
    name: 'a row without a key that became equal to another one',
    here: ['create table log (line varchar(9))'],
    there: ['create table log (line varchar(9))'],
    rows: [`insert into log values ('a'), ('b'), ('c'), ('d'), ('d')`, `delete from log where line < 'c'`],
    changes: [`update log set line = 'd' where line = 'c'`],
    ask: 'select line from log order by line',
    want: ['c', 'd', 'd'],
    named: { '3': /has no key/ },
  },
  {
    name: 'rows of a key that the database does not have',
    here: ['create table t (a text primary key, b text) without rowid'],
    there: ['create table t (a varchar(9), b varchar(9))'],
    rows: [`insert into t values ('x', '1'), ('y', '2'), ('z', '3')`],
    changes: [`update t set b = 'changed' where a = 'x'`, `delete from t where a = 'y'`],
    ask: 'select a, b from t order by a',
    want: ['x 1', 'y 2', 'z 3'],
    named: { x: /has no key/, y: /has no key/ },
  },
  {
    name: 'rows that point at each other are deleted, beside a value that is handed over',
    here: [
      'create table users (id integer primary key, email text unique, team integer)',
      'create table teams (id integer primary key, owner integer)',
    ],
    there: [
      {
        postgres: `create table users (id int primary key, email text unique, team int);
          create table teams (id int primary key, owner int references users deferrable initially deferred);
          alter table users add foreign key (team) references teams deferrable initially deferred`,
      },
      { postgres: 'select 1' },
    ],
    rows: [
      `insert into users values (1, 'a', 1), (2, 'b', null), (3, 'c', null)`,
      'insert into teams values (1, 1)',
    ],
    changes: [
      'delete from users where id = 1',
      'delete from teams',
      `update users set email = 'b2' where id = 2`,
      `insert into users values (4, 'b', null)`,
    ],
    ask: 'select id, email from users order by id',
    want: ['2 b2', '3 c', '4 b'],
  },
]

for (const place of places) {
  for (const one of cases) {
    const there = one.there.map((words) => (typeof words === 'string' ? words : words[place.dialect]))
    if (there.includes(undefined)) continue
    void t.test(`${place.dialect}: ${one.name}`, async (t) => {
      await remake(place, there as string[])
      const standIn = await standInWith(t, [...one.here, ...one.rows])
      t.match(await promote(standIn, place), { done: true, differences: [], problem: undefined })
      for (const sql of one.changes) await standIn.raw(sql)
      for (const sql of one.changesThere ?? []) await place.primary.raw(sql)
      for (const run of ['second run', 'third run']) {
        const { done, differences } = await promote(standIn, place)
        const named = Object.entries(one.named ?? {}).map(([key, why]) => ({ key, why }))
        t.match({ done, differences }, { done: true, differences: named }, run)
        t.equal(differences.length, named.length, run)
        const lines = (await rowsIn(place.primary, one.ask)).map((row) => Object.values(row).join(' '))
        t.strictSame(lines, one.want, run)
      }
    })
  }
}

for (const place of places) {
  void t.test(`${place.dialect}: rows without a key that went with deleted ones are counted`, async (t) => {
    const parents = 'create table parents (id integer primary key)'
    const kids =
      'create table kids (parent integer, foreign key (parent) references parents (id) on delete cascade)'
    await remake(place, [parents, kids])
    const rows = ['insert into parents values (1), (2)', 'insert into kids values (1), (2), (1)']
    const standIn = await standInWith(t, [parents, 'create table kids (parent integer)', ...rows])
    t.match(await promote(standIn, place), { done: true, differences: [] })
    await standIn.raw('delete from parents where id = 1')
    const { done, differences } = await promote(standIn, place)
    const why = '2 rows were deleted by the primary together with others, and have no key to find them by'
    t.match({ done, differences }, { done: true, differences: [{ table: 'kids', key: '', why }] })
  })
}

for (const place of places.filter(({ dialect }) => dialect !== 'mysql')) {
  for (const { name, change } of [
    { name: 'taken for deleted', change: `delete from t where id = 'a'` },
    { name: 'left out', change: `insert into t values ('c')` },
  ]) {
    void t.test(
      `${place.dialect}: a row that is there, and is not found by its key, is not ${name}`,
      async (t) => {
        const tables = ['create table t (id text not null)', 'create table empty (id text not null)']
        const indexes = ['create unique index i on t (id)', 'create unique index j on empty (id)']
        await remake(place, [...tables, ...indexes])
        const rows = `insert into t values ('a'), ('b')`
        const standIn = await standInWith(t, [...tables, ...indexes, rows], 'sqlite3')
        t.match(await promote(standIn, place), { done: true, rows: 2 })
        await standIn.raw(change)
        const damage = `rootpage = (select rootpage from sqlite_schema where name = 'j') where name = 'i'`
        await standIn.raw('pragma writable_schema = 1')
        await standIn.raw(`update sqlite_schema set ${damage}`)
        await standIn.raw('pragma writable_schema = reset')
        const report = await promote(standIn, place)
        t.match(report, { done: false, problem: { message: /is not found by its key/ } })
        t.strictSame(await rowsIn(place.primary, 'select id from t'), [{ id: 'a' }, { id: 'b' }])
      },
    )
  }
}

for (const place of places) {
  void t.test(
    `${place.dialect}: a change of the database is not taken for that of a trigger by later runs`,
    async (t) => {
      const table = 'create table t (id integer primary key, v integer)'
      await remake(place, [table])
      const standIn = await standInWith(t, [table, 'insert into t values (1, 1), (2, 1)'])
      t.match(await promote(standIn, place), { done: true, differences: [] })
      await place.primary.raw('update t set v = 2 where id = 1')
      const steps = [
        { here: 'select 1', named: [{ key: '1', why: /is not what was written/ }] },
        {
          here: 'update t set v = 3',
          named: [{ key: '1', why: /changed in the stand-in, and changed in the primary/ }],
        },
        {
          here: 'select 1',
          named: [{ key: '1', why: /changed in the stand-in, and changed in the primary/ }],
        },
      ]
      for (const [index, { here, named }] of steps.entries()) {
        await standIn.raw(here)
        const { done, differences } = await promote(standIn, place)
        t.match({ done, differences }, { done: true, differences: named }, `step ${index}`)
        t.equal(differences.length, named.length)
        t.strictSame(
          (await rowsIn(place.primary, 'select v from t order by id')).map(({ v }) => v),
          [2, index === 0 ? 1 : 3],
        )
      }
      t.match(await promote(standIn, place, { onConflict: 'overwrite' }), {
        done: true,
        rows: 1,
        differences: [],
      })
    },
  )
}

for (const place of places.filter(({ dialect }) => dialect !== 'sqlite')) {
  void t.test(
    `${place.dialect}: a change that does not fit is named as that, whatever its key looks like`,
    async (t) => {
      await remake(place, [
        place.dialect === 'postgres'
          ? 'create table t (id uuid primary key, price numeric(10, 2))'
          : 'create table t (id uuid primary key, price decimal(10, 2))',
      ])
      const id = '989ae4f0-a2ea-31db-452b-35e0d9980e6f'
      const standIn = await standInWith(t, [
        'create table t (id char(36) primary key, price decimal)',
        `insert into t values ('${id}', 1.5)`,
      ])
      t.match(await promote(standIn, place), { done: true, differences: [] })
      await standIn.raw('update t set price = 1.625')
      t.match(await promote(standIn, place), {
        done: false,
        differences: [{ key: id, column: 'price', why: /more than 2 digits/ }],
      })
    },
  )
}

const postgres = places.filter(({ dialect }) => dialect === 'postgres')
for (const place of postgres) {
  void t.test(
    'a row that points at nothing in a circle does not hide what does not fit beside it',
    async (t) => {
      await remake(place, [
        'create table cat (id int primary key, parent int references cat deferrable)',
        'create table z (id int primary key, n int check (n > 0))',
      ])
      const standIn = await standInWith(t, [
        'create table z (id integer primary key, n integer)',
        'create table cat (id integer primary key, parent integer)',
        'insert into cat values (1, null), (2, 77)',
        'insert into z values (1, 5), (2, -1)',
      ])
      const { done, problem, differences } = await promote(standIn, place)
      t.match({ done, problem }, { done: false, problem: { code: 'fallback-has-data' } })
      t.strictSame(differences.map(({ table }) => table).toSorted(), ['cat', 'z'])
    },
  )
}
