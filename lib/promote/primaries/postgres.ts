import type { Knex } from 'knex'
import { clientOf, type RawConnection } from '../../engine/knex-client.ts'
import { sumDigits, Total } from '../comparable.ts'
import { quoteWith, type Column, type ColumnKind, type Table } from '../table.ts'
import { copyRows } from './copy-rows.ts'
import { chooseKey, insertByStatements, rowsOf, type Primary, type Text } from './primary.ts'

const plainQuote = quoteWith('"')

/** For knex, which takes a question mark for a parameter. */
const quote = (name: string): string => plainQuote(name).replaceAll('?', String.raw`\?`)

/** PostgreSQL, in bulk by COPY. */
export const postgresPrimary: Primary = {
  quote,
  readTables,
  readExpression,
  parameter,
  matchKeys: (names, keys) =>
    `(${names.join(', ')}) in (${keys.map((key) => `(${key.join(', ')})`).join(', ')})`,
  async insert(trx, table, columns, rows) {
    const connection = (await clientOf(trx).acquireConnection()) as RawConnection &
      Parameters<typeof copyRows>[0]
    const names = columns.map(({ name }) => plainQuote(name)).join(', ')
    const sql = `copy ${plainQuote(table.name)} (${names}) from stdin`
    const isAsItIs = columns.every((column) => written(column, '') === '')
    const asWritten = (row: readonly Text[]): readonly Text[] =>
      row.map((text, index) => written(columns[index]!, text))
    await copyRows(connection, sql, isAsItIs ? rows : rows.map(asWritten))
  },
  totalSql,
  undoesTables: true,
  beginSql: [],
  deferSql: 'set constraints all deferred',
  checkDeferred: async (trx) => void (await trx.raw('set constraints all immediate')),
  setSequences,
  keepPlainSql: 'alter table failsoft_promotions alter column entries set storage external',
  ledgerTypes: { text: 'text', name: 'varchar(255)' },
}

const { totalSql: _totalSql, keepPlainSql: _keepPlainSql, ...withoutTotals } = postgresPrimary

/** CockroachDB: its COPY is not that of PostgreSQL in a transaction. */
export const cockroachdbPrimary: Primary = {
  ...withoutTotals,
  insert: (trx, table, columns, rows) => insertByStatements({ quote, parameter }, trx, table, columns, rows),
  undoesTables: false,
}

function written({ kind, zone }: Column, text: Text): Text {
  if (text === null) return null
  if (kind === 'bytes') return String.raw`\x` + text
  return kind === 'instant' && zone === 'utc' ? `${text}+00` : text
}

function parameter(column: Column, text: Text): { sql: string; bindings: Knex.RawBinding[] } {
  return { sql: '?', bindings: [written(column, text)] }
}

function readExpression({ name, kind, zone }: Column): string {
  const column = quote(name)
  if (kind === 'bytes') return `encode(${column}, 'hex')`
  if (kind === 'date') return `to_char(${column}, 'YYYY-MM-DD')`
  if (kind === 'instant') {
    const plain = zone === 'utc' ? `${column} at time zone 'UTC'` : column
    return `to_char(${plain}, 'YYYY-MM-DD HH24:MI:SS.US')`
  }
  return `${column}::text`
}

function totalSql(table: Table, columns: readonly Column[]): string | undefined {
  if (columns.some(({ kind }) => kind === 'json')) return undefined
  const texts = columns.map((column) => `coalesce(${comparableExpression(column)}, U&'${marks.null}')`)
  const sum = `left(encode(sha256(convert_to(concat_ws(U&'${marks.between}', ${texts.join(', ')}), 'UTF8')), 'hex'), ${sumDigits})`
  const total = `mod(coalesce(sum(('x' || ${sum})::bit(${sumDigits * 4})::int8), 0), ${Total.modulus})`
  return `select count(*)::text as n, ${total}::text as total from ${quote(table.name)}`
}

const marks = { between: String.raw`\001F`, null: String.raw`\001E` }

/** What {@link normalizerOf} makes of a column's text. */
function comparableExpression(column: Column): string {
  const text = readExpression(column)
  if (column.kind === 'uuid') return `replace(${text}, '-', '')`
  if (column.kind === 'float')
    return `encode(float${column.isSingle ? 4 : 8}send(${quote(column.name)} + 0::float${column.isSingle ? 4 : 8}), 'hex')`
  if (column.kind !== 'decimal') return text
  return `case when position('.' in ${text}) > 0 then rtrim(rtrim(${text}, '0'), '.') else ${text} end`
}

const kinds: Readonly<Record<string, ColumnKind>> = {
  bool: 'boolean',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  float4: 'float',
  float8: 'float',
  numeric: 'decimal',
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  citext: 'text',
  bytea: 'bytes',
  json: 'json',
  jsonb: 'json',
  timestamptz: 'instant',
  timestamp: 'instant',
  date: 'date',
  uuid: 'uuid',
}

const bytesOf: Readonly<Record<string, bigint>> = { int2: 15n, int4: 31n, int8: 63n }

interface ColumnRow {
  readonly table: string
  readonly name: string
  readonly typname: string
  readonly typtype: string
  readonly typmod: number
  readonly notnull: boolean
  readonly has_default: boolean
  readonly generated: boolean
  readonly labels: string[] | null
}

const columnsSql = `
  select c.relname::text as table, a.attname::text as name, t.typname::text, t.typtype::text, a.atttypmod as typmod,
    a.attnotnull as notnull, (a.atthasdef or a.attidentity <> '') as has_default, a.attgenerated <> '' as generated,
    (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid join pg_type t on t.oid = a.atttypid
  where c.relkind in ('r', 'p') and pg_table_is_visible(c.oid) and n.nspname not in ('pg_catalog', 'information_schema')
    and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum`

const columnNames = (relation: string, numbers: string): string =>
  `(select json_agg(a.attname order by k.place) from unnest(${numbers}) with ordinality as k (number, place) join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number)`

const indexesSql = `
  select c.relname::text as table, i.indisprimary as is_primary, ${columnNames('c.oid', 'i.indkey::int2[]')} as columns
  from pg_index i join pg_class c on c.oid = i.indrelid
  where i.indisunique and i.indpred is null and i.indexprs is null and pg_table_is_visible(c.oid) order by i.indisprimary desc, i.indexrelid`

const referencesSql = `
  select c.relname::text as table, f.relname::text as target, k.condeferrable as deferrable, ${columnNames('c.oid', 'k.conkey')} as columns
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
  where k.contype = 'f' and pg_table_is_visible(c.oid) order by k.oid`

const choosySql = `
  select c.relname::text as table from pg_class c where pg_table_is_visible(c.oid) and (
    exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'x'))
    or exists (select 1 from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal)
    or (select count(*) from pg_index i where i.indrelid = c.oid and i.indisunique) > 1)`

async function readTables(knex: Knex): Promise<readonly Table[]> {
  const columns = rowsOf<ColumnRow>(await knex.raw(columnsSql))
  const indexes = rowsOf<{ table: string; is_primary: boolean; columns: string[] }>(
    await knex.raw(indexesSql),
  )
  const references = rowsOf<{ table: string; target: string; deferrable: boolean; columns: string[] }>(
    await knex.raw(referencesSql),
  )
  const choosy = new Set(rowsOf<{ table: string }>(await knex.raw(choosySql)).map(({ table }) => table))
  return [...new Set(columns.map(({ table }) => table))].map((name) => {
    const own = columns.filter(({ table }) => table === name)
    const described = own.map(describe)
    const keys = indexes
      .filter(({ table }) => table === name)
      .map((index) => ({ isPrimary: index.is_primary, columns: index.columns }))
    return {
      name,
      columns: described,
      key: chooseKey(keys, described),
      references: references
        .filter(({ table }) => table === name)
        .map((row) => ({ table: row.target, columns: row.columns, isDeferrable: row.deferrable })),
      isTransactional: true,
      isChoosy: choosy.has(name) || described.some(({ kind }) => kind === 'other'),
    }
  })
}

function describe(row: ColumnRow): Column {
  const { name, typname, typtype, typmod } = row
  const kind = typtype === 'e' ? 'enum' : (kinds[typname] ?? 'other')
  const bits = bytesOf[typname]
  const isSized = (typname === 'varchar' || typname === 'bpchar') && typmod > 4
  return {
    name,
    kind,
    type: typname,
    isNullable: !row.notnull,
    hasDefault: row.has_default,
    isGenerated: row.generated,
    ...(bits !== undefined && { range: [-(2n ** bits), 2n ** bits - 1n] }),
    ...(isSized && { maxLength: typmod - 4 }),
    ...(kind === 'decimal' &&
      typmod > 4 && { digits: [((typmod - 4) >> 16) & 0xffff, (typmod - 4) & 0x7ff] }),
    ...(kind === 'instant' && {
      fraction: typmod >= 0 ? typmod : 6,
      zone: typname === 'timestamptz' ? 'utc' : 'none',
    }),
    ...(row.labels && { labels: row.labels }),
    isSingle: typname === 'float4',
    isPadded: typname === 'bpchar',
    refusesNul: typname !== 'json',
  }
}

/** A counter that stays behind the keys would hand one out again. */
async function setSequences(trx: Knex.Transaction, { name, columns }: Table): Promise<void> {
  for (const column of columns.filter(({ kind, hasDefault }) => kind === 'integer' && hasDefault)) {
    const found = await trx.raw('select pg_get_serial_sequence(?, ?) as sequence', [
      plainQuote(name),
      column.name,
    ])
    const [row] = rowsOf<{ sequence: string | null }>(found)
    if (!row?.sequence) continue
    await trx.raw(
      `select setval(?::regclass, s.last) from (select max(${quote(column.name)}) as last from ${quote(name)}) s
       where s.last >= (select last_value from ${row.sequence})`,
      [row.sequence],
    )
  }
}
