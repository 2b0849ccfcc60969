import type { Knex } from 'knex'
import { clientOf } from '../../engine/knex-client.ts'
import { ask } from '../ask.ts'
import type { Column, ColumnKind, Table, Zone } from '../table.ts'
import { chooseKey } from './primary.ts'

const kinds: Readonly<Record<string, ColumnKind>> = {
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  int: 'integer',
  bigint: 'integer',
  bit: 'integer',
  year: 'integer',
  float: 'float',
  double: 'float',
  decimal: 'decimal',
  char: 'text',
  varchar: 'text',
  tinytext: 'text',
  text: 'text',
  mediumtext: 'text',
  longtext: 'text',
  binary: 'bytes',
  varbinary: 'bytes',
  tinyblob: 'bytes',
  blob: 'bytes',
  mediumblob: 'bytes',
  longblob: 'bytes',
  json: 'json',
  datetime: 'instant',
  timestamp: 'instant',
  date: 'date',
  uuid: 'uuid',
  enum: 'enum',
}

const bitsOf: Readonly<Record<string, bigint>> = {
  tinyint: 8n,
  smallint: 16n,
  mediumint: 24n,
  int: 32n,
  bigint: 64n,
}

interface ColumnRow {
  readonly tab: string
  readonly name: string
  readonly data_type: string
  readonly column_type: string
  readonly max_length: number | null
  readonly max_bytes: number | null
  readonly prec: number | null
  readonly scale: number | null
  readonly fraction: number | null
  readonly charset: string | null
  readonly nullable: string
  readonly dflt: string | null
  readonly extra: string
}

const columnsSql = `
  select table_name as tab, column_name as name, data_type as data_type, column_type as column_type, character_maximum_length as max_length, character_octet_length as max_bytes,
    numeric_precision as prec, numeric_scale as scale, datetime_precision as fraction, character_set_name as charset, is_nullable as nullable,
    column_default as dflt, extra as extra
  from information_schema.columns where table_schema = database() order by table_name, ordinal_position`

const indexesSql = `
  select table_name as tab, index_name as idx, column_name as name, sub_part as part from information_schema.statistics
  where table_schema = database() and non_unique = 0 order by table_name, index_name <> 'PRIMARY', index_name, seq_in_index`

const referencesSql = `
  select table_name as tab, constraint_name as idx, column_name as name, referenced_table_name as target from information_schema.key_column_usage
  where table_schema = database() and referenced_table_name is not null order by table_name, constraint_name, ordinal_position`

const choosySql = `
  select event_object_table as tab from information_schema.triggers where event_object_schema = database()
  union select table_name from information_schema.table_constraints where table_schema = database() and constraint_type = 'CHECK'`

const transactional = new Set(['InnoDB', 'ROCKSDB', 'TokuDB', 'ndbcluster'])

interface PartRow {
  readonly tab: string
  readonly idx: string
  readonly name: string
  readonly part?: number | null
  readonly target?: string
}

/** The tables of the database that a knex is connected to. */
export async function readMysqlTables(knex: Knex): Promise<readonly Table[]> {
  const read = async <Row>(sql: string): Promise<readonly Row[]> => await ask<Row>(knex, sql)
  const tables = await read<{ name: string; eng: string | null }>(
    `select table_name as name, engine as eng from information_schema.tables where table_schema = database() and table_type in ('BASE TABLE', 'SYSTEM VERSIONED')`,
  )
  const columns = await read<ColumnRow>(columnsSql)
  const indexes = await read<PartRow>(indexesSql)
  const references = await read<PartRow>(referencesSql)
  const choosy = new Set((await read<{ tab: string }>(choosySql)).map(({ tab }) => tab))
  const zone = zoneOf(knex)
  return tables.map(({ name, eng }) => {
    const described = columns.filter(({ tab }) => tab === name).map((row) => describe(row, zone))
    const keys = gather(indexes.filter(({ tab }) => tab === name))
    const key = chooseKey(
      keys.map((parts) => ({
        isPrimary: parts[0]!.idx === 'PRIMARY',
        columns: parts.map((part) => part.name),
      })),
      described,
    )
    const isText = (column: string): boolean =>
      described.some((one) => one.name === column && one.kind === 'text')
    return {
      name,
      columns: described,
      key,
      references: gather(references.filter(({ tab }) => tab === name)).map((parts) => ({
        table: parts[0]!.target!,
        columns: parts.map((part) => part.name),
        isDeferrable: false,
      })),
      isTransactional: transactional.has(eng ?? ''),
      // Texts of a key that differ in case may be one and the same to it.
      isChoosy:
        choosy.has(name) ||
        keys.length > 1 ||
        key.some(isText) ||
        columns.some((row) => row.tab === name && isForeign(row)),
    }
  })
}

function isForeign({ data_type, charset }: ColumnRow): boolean {
  return kinds[data_type] === undefined || (charset !== null && charset !== 'utf8mb4')
}

function gather(rows: readonly PartRow[]): PartRow[][] {
  const groups = new Map<string, PartRow[]>()
  for (const row of rows) groups.set(row.idx, [...(groups.get(row.idx) ?? []), row])
  return [...groups.values()].filter((parts) =>
    parts.every(({ part }) => part === null || part === undefined),
  )
}

/** Times are read and written in the zone that the driver is told. */
function zoneOf(knex: Knex): Zone {
  const { connectionSettings, config } = clientOf(knex)
  const { timezone } = { ...(config['connection'] as object), ...connectionSettings } as {
    readonly timezone?: Zone | 'Z'
  }
  return timezone === 'Z' ? 'utc' : (timezone ?? 'local')
}

function describe(row: ColumnRow, zone: Zone): Column {
  const kind = kinds[row.data_type] ?? 'other'
  const range = rangeOf(row)
  return {
    name: row.name,
    kind,
    type: row.column_type,
    isNullable: row.nullable === 'YES',
    hasDefault: row.dflt !== null || /auto_increment/i.test(row.extra),
    isGenerated: /\b(virtual|stored|persistent) generated|\bgenerated\b(?<!default_generated)/i.test(
      row.extra,
    ),
    ...(range && { range }),
    ...(kind === 'text' && { maxLength: Number(row.max_length) }),
    // In another character set, a text has other bytes than here.
    ...(kind === 'text' && row.charset?.startsWith('utf8') && { maxBytes: Number(row.max_bytes) }),
    ...(kind === 'bytes' && { maxBytes: Number(row.max_bytes) }),
    ...(kind === 'decimal' && { digits: [Number(row.prec), Number(row.scale)] }),
    ...(kind === 'instant' && { fraction: row.fraction ?? 0 }),
    ...((kind === 'instant' || kind === 'date') && { zone }),
    ...(kind === 'enum' && { labels: labelsOf(row.column_type) }),
    renewsItself: /on update/i.test(row.extra),
    isShort: row.data_type === 'timestamp',
    isSingle: row.data_type === 'float',
    isPadded: row.data_type === 'char',
  }
}

function rangeOf({ data_type, column_type, prec }: ColumnRow): readonly [bigint, bigint] | undefined {
  // It would take other numbers for years of two digits.
  if (data_type === 'year') return [1901n, 2155n]
  if (data_type === 'bit') return [0n, 2n ** BigInt(prec!) - 1n]
  const bits = bitsOf[data_type]
  if (bits === undefined) return undefined
  return /unsigned/.test(column_type) ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]
}

/** As the server writes them: with a backslash before some marks, and quotes twice. */
function labelsOf(type: string): string[] {
  return [...type.matchAll(/'((?:[^'\\]|''|\\.)*)'/gs)].map(([, label = '']) =>
    label.replaceAll(/''|\\(.)/gs, (_, mark?: string) => (mark === undefined ? "'" : (marks[mark] ?? mark))),
  )
}

const marks: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0', Z: '\u001A' }
