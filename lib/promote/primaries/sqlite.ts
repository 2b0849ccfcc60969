import type { Knex } from 'knex'
import { rowIdBeside } from '../../engine/sqlite/row-id.ts'
import { readExpression, untag } from '../source-value.ts'
import { quoteWith, sameName, type Column, type Reference, type Table } from '../table.ts'
import { ask } from '../ask.ts'
import { chooseKey, insertByStatements, type Primary, type Text } from './primary.ts'

const quote = quoteWith('"')

/** SQLite, through whichever driver. */
export const sqlitePrimary: Primary = {
  quote,
  readTables,
  readExpression: ({ name }) => readExpression(quote(name)),
  parameter,
  matchKeys: (names, keys) =>
    `(${names.join(', ')}) in (values ${keys.map((key) => `(${key.join(', ')})`).join(', ')})`,
  insert: (trx, table, columns, rows) => insertByStatements({ quote, parameter }, trx, table, columns, rows),
  undoesTables: true,
  beginSql: [],
  deferSql: 'pragma defer_foreign_keys = on',
  checkAtOnceSql: 'pragma defer_foreign_keys = off',
  async checkDeferred(trx) {
    const [broken] = await ask<{ table: string; rowid: number; parent: string }>(
      trx,
      'pragma foreign_key_check',
    )
    if (broken) throw new Error(`${broken.table}: row ${broken.rowid} points at no row of ${broken.parent}`)
  },
  setSequences: async () => {},
  claimSql: {
    takeOver: 'on conflict (stand_in, table_name, chunk) do update set hash = excluded.hash',
    lock: '',
  },
  ledgerTypes: { text: 'text', name: 'text' },
}

/** Drivers round or refuse large integers, and write all numbers as floats, so integers are written out. */
function parameter(_: Column, text: Text): { sql: string; bindings: Knex.RawBinding[] } {
  const value = untag(text)
  const isInteger = typeof value === 'bigint' || Number.isSafeInteger(value)
  return isInteger ? { sql: String(value), bindings: [] } : { sql: '?', bindings: [value] }
}

interface ColumnRow {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly dflt_value: string | null
  readonly pk: number
  readonly hidden: number
}

/** The tables of a SQLite database, without its own and without virtual ones and what these keep beside them. */
export async function readTables(knex: Knex): Promise<readonly Table[]> {
  const list = await ask<{ schema: string; name: string; type: string; wr: number }>(
    knex,
    'pragma table_list',
  )
  const tables = list.filter(
    ({ schema, name, type }) => schema === 'main' && type === 'table' && !name.startsWith('sqlite_'),
  )
  const read: Table[] = []
  for (const { name, wr } of tables) read.push(await readTable(knex, name, wr === 1))
  return read.map((table) => ({ ...table, references: table.references.map((one) => named(one, read)) }))
}

/** A reference may write the name of its table in another case. */
function named(reference: Reference, tables: readonly Table[]): Reference {
  return { ...reference, table: sameName(tables, reference.table)?.name ?? reference.table }
}

async function readTable(knex: Knex, name: string, isWithoutRowId: boolean): Promise<Table> {
  const rows = await ask<ColumnRow>(knex, `pragma table_xinfo(${quote(name)})`)
  const primaryKey = rows.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk)
  const isRowId = primaryKey.length === 1 && !isWithoutRowId && /^integer$/i.test(primaryKey[0]!.type)
  const columns = rows.map((row) => describe(row, isRowId))
  const indexes = await readIndexes(knex, name)
  const triggers = await ask(knex, `select 1 from sqlite_schema where type = 'trigger' and tbl_name = ?`, [
    name,
  ])
  const keys = primaryKey.length > 0 ? [{ isPrimary: true, columns: primaryKey.map((row) => row.name) }] : []
  const rowId = rowIdBeside(rows.map((row) => row.name))
  return {
    name,
    columns,
    key: chooseKey([...keys, ...indexes], columns),
    references: await readReferences(knex, name),
    isTransactional: true,
    isChoosy: indexes.length > 0 || triggers.length > 0 || (await hasRules(knex, name)),
    ...(isWithoutRowId ? { order: primaryKey.map((row) => row.name) } : rowId !== undefined && { rowId }),
  }
}

function describe({ name, type, notnull, dflt_value, pk, hidden }: ColumnRow, isRowId: boolean): Column {
  return {
    name,
    kind: 'any',
    type,
    isNullable: notnull === 0 && pk === 0,
    hasDefault: dflt_value !== null || (pk > 0 && isRowId),
    isGenerated: hidden === 2 || hidden === 3,
  }
}

async function readIndexes(knex: Knex, name: string): Promise<{ isPrimary: boolean; columns: string[] }[]> {
  const list = await ask<{ name: string; unique: number; origin: string; partial: number }>(
    knex,
    `pragma index_list(${quote(name)})`,
  )
  const found: { isPrimary: boolean; columns: string[] }[] = []
  for (const index of list.filter(({ unique, origin, partial }) => unique && origin !== 'pk' && !partial)) {
    const columns = await ask<{ name: string | null }>(knex, `pragma index_info(${quote(index.name)})`)
    if (columns.every((column) => column.name !== null))
      found.push({ isPrimary: false, columns: columns.map((column) => column.name!) })
  }
  return found
}

async function readReferences(knex: Knex, name: string): Promise<Reference[]> {
  const rows = await ask<{ id: number; table: string; from: string }>(
    knex,
    `pragma foreign_key_list(${quote(name)})`,
  )
  const byId = groupById(rows)
  return [...byId.values()].map((parts) => ({
    table: parts[0]!.table,
    columns: parts.map(({ from }) => from),
    isDeferrable: true,
  }))
}

function groupById<Row extends { id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const groups = new Map<number, Row[]>()
  for (const row of rows) groups.set(row.id, [...(groups.get(row.id) ?? []), row])
  return groups
}

/** Whether the table's text holds rules that its columns do not show. */
async function hasRules(knex: Knex, name: string): Promise<boolean> {
  const [row] = await ask<{ sql: string }>(
    knex,
    `select sql from sqlite_schema where type = 'table' and name = ?`,
    [name],
  )
  return /\bcheck\s*\(|\bstrict\b/i.test(row?.sql ?? '')
}
