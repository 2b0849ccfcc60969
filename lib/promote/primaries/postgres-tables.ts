import type { Knex } from 'knex'
import { ask } from '../ask.ts'
import type { Column, ColumnKind, Table } from '../table.ts'
import { chooseKey } from './primary.ts'

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
  readonly is_domain: boolean
  readonly typmod: number
  readonly notnull: boolean
  readonly has_default: boolean
  readonly generated: boolean
  readonly fixed: boolean
  readonly labels: string[] | null
}

/** A domain is what it is based on, which may be a domain too. */
const columnsSql = `
  with recursive bases (id, base, typmod, is_strict, has_default) as (
    select oid, oid, -1, false, false from pg_type where typtype <> 'd'
    union all select d.oid, b.base, case when b.typmod < 0 then d.typtypmod else b.typmod end,
      b.is_strict or d.typnotnull, b.has_default or d.typdefault is not null
    from bases b join pg_type d on d.typtype = 'd' and d.typbasetype = b.id)
  select c.relname::text as table, a.attname::text as name, t.typname::text, t.typtype::text, b.id <> b.base as is_domain,
    case when b.id = b.base then a.atttypmod else b.typmod end as typmod,
    a.attnotnull or b.is_strict as notnull, (a.atthasdef or a.attidentity <> '' or b.has_default) as has_default, a.attgenerated <> '' as generated, a.attidentity = 'a' as fixed,
    (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
    join bases b on b.id = a.atttypid join pg_type t on t.oid = b.base
  where c.relkind in ('r', 'p') and pg_table_is_visible(c.oid) and n.nspname not in ('pg_catalog', 'information_schema')
    and a.attnum > 0 and not a.attisdropped order by c.relname, a.attnum`

const columnNames = (relation: string, numbers: string, count = 'k.place'): string =>
  `(select json_agg(a.attname order by k.place) from unnest(${numbers}) with ordinality as k (number, place) join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number where k.place <= ${count})`

/** Without the columns that an index only carries, and without indexes that could not be built. */
const indexesSql = `
  select c.relname::text as table, i.indisprimary as is_primary, ${columnNames('c.oid', 'i.indkey::int2[]', 'i.indnkeyatts')} as columns
  from pg_index i join pg_class c on c.oid = i.indrelid
  where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null and pg_table_is_visible(c.oid) order by i.indisprimary desc, i.indexrelid`

const referencesSql = `
  select c.relname::text as table, f.relname::text as target, k.condeferrable as deferrable, ${columnNames('c.oid', 'k.conkey')} as columns
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class f on f.oid = k.confrelid
  where k.contype = 'f' and pg_table_is_visible(c.oid) and pg_table_is_visible(f.oid) order by k.oid`

const choosySql = `
  select c.relname::text as table from pg_class c where pg_table_is_visible(c.oid) and (
    exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype in ('c', 'x'))
    or exists (select 1 from pg_trigger g where g.tgrelid = c.oid and not g.tgisinternal)
    or (select count(*) from pg_index i where i.indrelid = c.oid and i.indisunique) > 1)`

/** The tables that a knex sees without naming a schema. */
export async function readPostgresTables(knex: Knex): Promise<readonly Table[]> {
  const columns = await ask<ColumnRow>(knex, columnsSql)
  const indexes = await ask<{ table: string; is_primary: boolean; columns: string[] }>(knex, indexesSql)
  const references = await ask<{ table: string; target: string; deferrable: boolean; columns: string[] }>(
    knex,
    referencesSql,
  )
  const choosy = new Set((await ask<{ table: string }>(knex, choosySql)).map(({ table }) => table))
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
      isChoosy:
        choosy.has(name) ||
        described.some(({ kind }) => kind === 'other') ||
        own.some((row) => row.is_domain),
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
    isFixed: row.fixed,
    ...(bits !== undefined && { range: [-(2n ** bits), 2n ** bits - 1n] }),
    ...(isSized && { maxLength: typmod - 4 }),
    ...(kind === 'decimal' && typmod > 4 && { digits: digitsOf(typmod - 4) }),
    ...(kind === 'instant' && {
      fraction: typmod >= 0 ? typmod : 6,
      zone: typname === 'timestamptz' ? 'utc' : 'none',
      offset: typname === 'timestamptz' ? '+00' : '',
    }),
    ...(row.labels && { labels: row.labels }),
    isSingle: typname === 'float4',
    isPadded: typname === 'bpchar',
    refusesNul: typname !== 'json',
  }
}

/** The places after the point are eleven bits with a sign. */
function digitsOf(bits: number): readonly [number, number] {
  return [(bits >> 16) & 0xffff, ((bits & 0x7ff) ^ 0x400) - 0x400]
}
