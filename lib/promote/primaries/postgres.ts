import type { Knex } from 'knex'
import { sumDigits, Total } from '../comparable.ts'
import { ask } from '../ask.ts'
import { quoteWith, type Column, type Table } from '../table.ts'
import { copyMarks, copyText, linesOf } from './copy-text.ts'
import { readPostgresTables } from './postgres-tables.ts'
import { insertByStatements, type Primary, type Text } from './primary.ts'

const plainQuote = quoteWith('"')

/** For knex, which takes a question mark for a parameter. */
const quote = (name: string): string => escape(plainQuote(name))
const escape = (sql: string): string => sql.replaceAll('?', String.raw`\?`)

const checkAtOnceSql = 'set constraints all immediate'

/** PostgreSQL, in bulk by COPY. */
export const postgresPrimary: Primary = {
  quote,
  readTables: readPostgresTables,
  readExpression,
  parameter,
  matchKeys: (names, keys) =>
    `(${names.join(', ')}) in (${keys.map((key) => `(${key.join(', ')})`).join(', ')})`,
  insert: (trx, table, columns, rows) => copyText(trx, copySql(table, columns), [linesFor(columns, rows)]),
  bulk: {
    linesOf: linesFor,
    insert: (trx, table, columns, pages) => copyText(trx, copySql(table, columns), pages),
  },
  totalSql,
  undoesTables: true,
  // As times are compared, and as the marks of a sum are written.
  beginSql: [
    `select set_config('datestyle', 'ISO', true), set_config('standard_conforming_strings', 'on', true)`,
  ],
  deferSql: 'set constraints all deferred',
  checkAtOnceSql,
  checkDeferred: async (trx) => void (await ask(trx, checkAtOnceSql)),
  setSequences,
  keepPlainSql: 'alter table failsoft_promotions alter column entries set storage external',
  claimSql: {
    takeOver: 'on conflict (stand_in, table_name, chunk) do update set hash = excluded.hash',
    lock: 'for update',
  },
  ledgerTypes: { text: 'text', name: 'varchar(255)' },
}

const { totalSql: _totalSql, keepPlainSql: _keepPlainSql, bulk: _bulk, ...withoutTotals } = postgresPrimary

/** CockroachDB: its COPY is not that of PostgreSQL in a transaction. */
export const cockroachdbPrimary: Primary = {
  ...withoutTotals,
  // It does not give out the bytes of a float.
  readExpression: (column) =>
    column.kind === 'float' ? `${quote(column.name)}::text` : readExpression(column),
  insert: (trx, table, columns, rows) => insertByStatements({ quote, parameter }, trx, table, columns, rows),
  beginSql: [],
  undoesTables: false,
}

function copySql({ name }: Table, columns: readonly Column[]): string {
  const names = columns.map((column) => plainQuote(column.name)).join(', ')
  return `copy ${plainQuote(name)} (${names}) from stdin with (${copyMarks})`
}

function linesFor(columns: readonly Column[], rows: readonly (readonly Text[])[]): Buffer {
  const isAsItIs = columns.every((column) => written(column, '') === '')
  return linesOf(
    isAsItIs ? rows : rows.map((row) => row.map((text, index) => written(columns[index]!, text))),
  )
}

function written({ kind }: Column, text: Text): Text {
  if (text === null) return null
  return kind === 'bytes' ? String.raw`\x` + text : text
}

function parameter(column: Column, text: Text): { sql: string; bindings: Knex.RawBinding[] } {
  return { sql: '?', bindings: [written(column, text)] }
}

function readExpression({ name, kind, type, zone, offset }: Column): string {
  const column = quote(name)
  if (kind === 'bytes') return `encode(${column}, 'hex')`
  if (kind === 'date') return `to_char(${column}, 'YYYY-MM-DD')`
  if (kind === 'instant') {
    const plain = zone === 'utc' ? `${column} at time zone 'UTC'` : column
    return `rtrim(rtrim(to_char(${plain}, 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.') || '${offset}'`
  }
  if (kind === 'float') return `'x' || encode(float8send(${column}), 'hex')`
  // As text, an address of one host has the length of its mask, although it is shown without it.
  return type === 'inet' ? `abbrev(${column})` : `${column}::text`
}

function totalSql(table: Table, columns: readonly Column[]): string | undefined {
  if (columns.some(({ kind }) => kind === 'json')) return undefined
  const texts = columns.map((column) => {
    const text = comparableExpression(column)
    return column.isNullable ? `coalesce(${text}, U&'${marks.null}')` : text
  })
  const sums = `select sha256(convert_to(${joined(texts)}, 'UTF8')) as s from ${quote(table.name)} offset 0`
  const total = `mod(coalesce(sum(${firstBytes('s', sumDigits / 2)}), 0), ${Total.modulus})`
  return `select count(*)::text as n, ${total}::text as total from (${sums}) as rows`
}

/** The first bytes as a number: several times as fast as by way of their digits. */
function firstBytes(bytes: string, count: number): string {
  const places = Array.from({ length: count }, (_, place) => place)
  return places
    .map((place) => `(get_byte(${bytes}, ${place})::int8 << ${8 * (count - 1 - place)})`)
    .join(' + ')
}

/** A function takes no more than a hundred arguments. */
function joined(texts: readonly string[]): string {
  const parts: string[] = []
  for (let start = 0; start < texts.length; start += 90)
    parts.push(`concat_ws(U&'${marks.between}', ${texts.slice(start, start + 90).join(', ')})`)
  return parts.length > 1 ? joined(parts) : parts[0]!
}

const marks = { between: String.raw`\001F`, null: String.raw`\001E` }

/** What {@link normalizerOf} makes of a column's text. */
function comparableExpression(column: Column): string {
  const text = readExpression(column)
  if (column.kind === 'uuid') return `replace(${text}, '-', '')`
  if (column.kind === 'float')
    return `encode(float${column.isSingle ? 4 : 8}send(${quote(column.name)} + 0::float${column.isSingle ? 4 : 8}), 'hex')`
  if (column.kind === 'instant') {
    const plain = column.zone === 'utc' ? `${quote(column.name)} at time zone 'UTC'` : quote(column.name)
    return `(${plain})::text || '${column.offset}'`
  }
  if (column.kind !== 'decimal' || (column.digits && column.digits[1] <= 0)) return text
  if (column.digits) return `rtrim(rtrim(${text}, '0'), '.')`
  return `case when position('.' in ${text}) > 0 then rtrim(rtrim(${text}, '0'), '.') else ${text} end`
}

/** The counter that a column owns, else one that its default names. */
const sequenceSql = `
  select coalesce(pg_get_serial_sequence(?, ?), (
    select s.oid::regclass::text from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      join pg_depend n on n.classid = 'pg_attrdef'::regclass and n.objid = d.oid and n.refclassid = 'pg_class'::regclass
      join pg_class s on s.oid = n.refobjid and s.relkind = 'S'
    where d.adrelid = ?::regclass and a.attname = ? limit 1)) as sequence`

/** A counter that stays behind the keys would hand one out again. */
async function setSequences(trx: Knex.Transaction, { name, columns }: Table): Promise<void> {
  for (const column of columns.filter(({ kind, hasDefault }) => kind === 'integer' && hasDefault)) {
    const [row] = await ask<{ sequence: string | null }>(trx, sequenceSql, [
      plainQuote(name),
      column.name,
      plainQuote(name),
      column.name,
    ])
    if (!row?.sequence) continue
    await ask(
      trx,
      `select setval(?::regclass, s.last) from (select max(${quote(column.name)}) as last from ${quote(name)}) s
       where s.last >= (select last_value from ${escape(row.sequence)})`,
      [row.sequence],
    )
  }
}
