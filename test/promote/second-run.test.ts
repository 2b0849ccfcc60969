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
