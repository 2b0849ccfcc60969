import t from 'tap'
import { sumMarks } from '#lib/promote/comparable.js'
import { PlainRows } from '#lib/promote/plain-rows.js'
import { planCopy, type TablePair } from '#lib/promote/plan.js'
import { readPostgresTables } from '#lib/promote/primaries/postgres-tables.js'
import { readTables } from '#lib/promote/primaries/sqlite.js'
import { readPages, type SourceRow } from '#lib/promote/read-rows.js'
import { RowMaker } from '#lib/promote/row-maker.js'
import { startPostgres } from '../servers/postgres.js'
import { openUrl, promote, rowsIn, standInWith } from './places.js'

const types = [
  'boolean',
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'numeric(10, 2)',
  'numeric(5, 0)',
  'numeric(20, 18)',
  'text',
  'varchar(5)',
  'char(5)',
  'timestamptz',
  'timestamptz(3)',
  'timestamp',
  'timestamp(0)',
  'date',
  'uuid',
  'double precision',
  'jsonb',
  'bytea',
]

const numbers = [
  '0 1 -1 2 7 32767 32768 -32769 2147483647 2147483648 9007199254740993 9223372036854775807 -9223372036854775808',
  '0.0 -0.0 1.0 0.1 0.25 19.99 -0.5 0.001 0.30000000000000004 1e15 999999999999999.0 1e20 1e-7 9e999 5e-324 123456789.5',
]
const texts = [
  ' 0 1 t TRUE hello sixsix ä 日本語 😀😀😀😀😀 😀😀😀😀😀😀 \\ \\N \\. +7 12.50 {} [1] null',
  '2024-01-01 1969-07-20 0000-01-01 0001-01-01 9999-12-31 10000-01-01 2023-02-29 2024-02-29 2024-1-1',
  'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11 a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 a0eebc999c0b4ef8bb6d6bb9bd380a11 a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g',
]
const times = [
  '2024-02-29 12:00:00',
  '1900-01-01 00:00:00',
  '2024-01-01 24:00:00',
  '2024-01-01 23:59:60',
  '2024-01-01 12:00:00.5',
  '2024-01-01 12:00:00.123456789',
  '2024-01-01 12:00:00Z',
  '1900-01-01T00:00:00.5+02:00',
  '2024-01-01 25:00:00',
]
const marks = [0, 9, 10, 13, 28, 29, 30, 31, 127, 65533, 65534].flatMap((code) => [
  `char(${code})`,
  `'a' || char(${code}) || 'b'`,
])
const literals = [
  'null',
  ...numbers.join(' ').split(' '),
  ...[...texts.join(' ').split(' '), ...times].map((text) => `'${text}'`),
  ...marks,
  ...['86399999', '1700000000123', '253402300799999', '-86400001', '8640000000000000'],
  ...[`x''`, `x'00ff'`, `x'31'`, `cast(x'ff' as text)`, `cast(x'61c3' as text)`],
]

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const primary = openUrl(t, postgres.url)
for (const [index, type] of types.entries())
  await primary.raw(`create table t${index} (id integer primary key, v ${type})`)
const standIn = await standInWith(
  t,
  types.map((_, index) => `create table t${index} (id integer primary key, v)`),
)
const plan = planCopy(await readTables(standIn), await readPostgresTables(primary))
const pairs = plan.groups.flatMap((group) => group.pairs)
const pairOf = (index: number): TablePair => pairs.find(({ source }) => source.name === `t${index}`)!

const kept = new Map<number, string[]>()
for (const [index, type] of types.entries()) {
  void t.test(`${type}: what SQLite writes itself is what is written value by value`, async (t) => {
    const pair = pairOf(index)
    const maker = new RowMaker(pair)
    const plain: string[] = []
    await standIn.transaction(async (trx) => {
      for (const literal of literals) {
        await trx.raw(`insert or replace into t${index} values (1, ${literal})`)
        for await (const { keys, lines } of new PlainRows(pair).pages(trx)) {
          plain.push(literal)
          const { value } = (await readPages(trx, pair.source).next()) as { value: SourceRow[] }
          const { key, comparables, texts, refusals } = maker.make(value[0]!)
          const line = comparables.map((text) => text ?? sumMarks.null).join(sumMarks.between)
          t.strictSame([keys, lines, refusals], [[key], [line], []], literal)
          if (type !== 'uuid') t.strictSame(texts, comparables, literal)
        }
      }
    })
    kept.set(index, plain)
  })
}

void t.test('PostgreSQL holds what SQLite wrote', async (t) => {
  for (const [index] of types.entries()) {
    const values = kept.get(index)!.map((literal, id) => `(${id}, ${literal})`)
    await standIn.raw(`delete from t${index}`)
    if (values.length > 0) await standIn.raw(`insert into t${index} values ${values.join(', ')}`)
  }
  const rows = [...kept.values()].flat().length
  t.ok(rows > 200, `${rows} values`)
  t.match(await promote(standIn, { dialect: 'postgres', primary }), { done: true, rows, differences: [] })
  const ofTables = `select to_jsonb(entries)::text as entries from failsoft_promotions where table_name <> ''`
  const lines = await rowsIn(primary, ofTables)
  t.equal(lines.length, [...kept.values()].filter((literals) => literals.length > 0).length)
  await standIn.raw('drop table failsoft_stand_in')
  t.match(
    await promote(standIn, { dialect: 'postgres', primary }),
    { done: true, rows: 0, differences: [] },
    'each is found equal by those who read value by value',
  )
})

void t.test('a page holds a few megabytes at most, whatever comes after small rows', async (t) => {
  for (const [index, value] of [
    [types.indexOf('text'), `printf('%.*c', 3000000, 'x')`],
    [types.indexOf('bytea'), 'zeroblob(3000000)'],
  ] as const) {
    await standIn.raw(`delete from t${index}`)
    await standIn.raw(
      `insert into t${index} with recursive n (i) as (select 1 union all select i + 1 from n where i < 1220) select i, iif(i > 1200, ${value}, 'x') from n`,
    )
    const counts: number[] = []
    for await (const { keys } of new PlainRows(pairOf(index)).pages(standIn)) counts.push(keys.length)
    const read: number[] = []
    for await (const rows of readPages(standIn, pairOf(index).source)) read.push(rows.length)
    const want = [1000, 201, ...Array.from({ length: 19 }, () => 1)]
    t.strictSame(read, want, `${types[index]}`)
    if (types[index] === 'text') t.strictSame(counts, want)
  }
})
