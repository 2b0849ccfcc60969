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
      },
    ],
    rows: ['insert into t values (9e999, 1), (-9e999, 1), (6213893046292448000.0, 1), (1e300, 1), (-0.1, 1)'],
    changes: ['update t set n = 2'],
    ask: 'select count(*) as c, sum(n) as s from t',
    want: ['5 10'],
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
