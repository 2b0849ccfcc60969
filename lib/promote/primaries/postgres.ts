import type { Knex } from 'knex'
import { sumDigits, Total } from '../comparable.ts'
import { ask } from '../ask.ts'
import { quoteWith, type Column, type Table } from '../table.ts'
import { copyText, linesOf } from './copy-text.ts'
import { readPostgresTables } from './postgres-tables.ts'
import { insertByStatements, type Primary, type Text } from './primary.ts'

const plainQuote = quoteWith('"')

/** For knex, which takes a question mark for a parameter. */
const quote = (name: string): string => plainQuote(name).replaceAll('?', String.raw`\?`)

/** PostgreSQL, in bulk by COPY. */
export const postgresPrimary: Primary = {
  quote,
  readTables: readPostgresTables,
  readExpression,
  parameter,
  matchKeys: (names, keys) =>
    `(${names.join(', ')}) in (${keys.map((key) => `(${key.join(', ')})`).join(', ')})`,
  async insert(trx, table, columns, rows) {
    const isAsItIs = columns.every((column) => written(column, '') === '')
    const asWritten = (row: readonly Text[]): readonly Text[] =>
      row.map((text, index) => written(columns[index]!, text))
    await copyText(trx, copySql(table, columns), linesOf(isAsItIs ? rows : rows.map(asWritten)))
  },
  async insertText(trx, table, columns, text) {
    const marks = `delimiter E'${String.raw`\x1F`}', null E'${String.raw`\x1E`}'`
    await copyText(trx, `${copySql(table, columns)} with (${marks})`, text)
  },
  totalSql,
  undoesTables: true,
  // As times are compared.
  beginSql: [`set local datestyle to 'ISO'`],
  deferSql: 'set constraints all deferred',
  checkDeferred: async (trx) => void (await ask(trx, 'set constraints all immediate')),
  setSequences,
  keepPlainSql: 'alter table failsoft_promotions alter column entries set storage external',
  ledgerTypes: { text: 'text', name: 'varchar(255)' },
}

const {
  totalSql: _totalSql,
  keepPlainSql: _keepPlainSql,
  insertText: _insertText,
  ...withoutTotals
} = postgresPrimary

/** CockroachDB: its COPY is not that of PostgreSQL in a transaction. */
export const cockroachdbPrimary: Primary = {
  ...withoutTotals,
  insert: (trx, table, columns, rows) => insertByStatements({ quote, parameter }, trx, table, columns, rows),
  beginSql: [],
  undoesTables: false,
}

function copySql({ name }: Table, columns: readonly Column[]): string {
  return `copy ${plainQuote(name)} (${columns.map((column) => plainQuote(column.name)).join(', ')}) from stdin`
}

function written({ kind }: Column, text: Text): Text {
  if (text === null) return null
  return kind === 'bytes' ? String.raw`\x` + text : text
}

function parameter(column: Column, text: Text): { sql: string; bindings: Knex.RawBinding[] } {
  return { sql: '?', bindings: [written(column, text)] }
}

function readExpression({ name, kind, zone, offset }: Column): string {
  const column = quote(name)
  if (kind === 'bytes') return `encode(${column}, 'hex')`
  if (kind === 'date') return `to_char(${column}, 'YYYY-MM-DD')`
  if (kind === 'instant') {
    const plain = zone === 'utc' ? `${column} at time zone 'UTC'` : column
    return `rtrim(rtrim(to_char(${plain}, 'YYYY-MM-DD HH24:MI:SS.US'), '0'), '.') || '${offset}'`
  }
  return `${column}::text`
}

function totalSql(table: Table, columns: readonly Column[]): string | undefined {
  if (columns.some(({ kind }) => kind === 'json')) return undefined
  const texts = columns.map((column) => `coalesce(${comparableExpression(column)}, U&'${marks.null}')`)
  const sum = `left(encode(sha256(convert_to(${joined(texts)}, 'UTF8')), 'hex'), ${sumDigits})`
  const total = `mod(coalesce(sum(('x' || ${sum})::bit(${sumDigits * 4})::int8), 0), ${Total.modulus})`
  return `select count(*)::text as n, ${total}::text as total from ${quote(table.name)}`
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
  if (column.kind !== 'decimal' || column.digits?.[1] === 0) return text
  if (column.digits) return `rtrim(rtrim(${text}, '0'), '.')`
  return `case when position('.' in ${text}) > 0 then rtrim(rtrim(${text}, '0'), '.') else ${text} end`
}

/** A counter that stays behind the keys would hand one out again. */
async function setSequences(trx: Knex.Transaction, { name, columns }: Table): Promise<void> {
  for (const column of columns.filter(({ kind, hasDefault }) => kind === 'integer' && hasDefault)) {
    const sql = 'select pg_get_serial_sequence(?, ?) as sequence'
    const [row] = await ask<{ sequence: string | null }>(trx, sql, [plainQuote(name), column.name])
    if (!row?.sequence) continue
    await ask(
      trx,
      `select setval(?::regclass, s.last) from (select max(${quote(column.name)}) as last from ${quote(name)}) s
       where s.last >= (select last_value from ${row.sequence})`,
      [row.sequence],
    )
  }
}
