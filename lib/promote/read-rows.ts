import { hashRow, rowExpression } from '../engine/sqlite/contents.ts'
import { pageSizeSql, type PageBounds } from '../engine/sqlite/page-size.ts'
import { TextDecoder } from 'node:util'
import type { Knex } from 'knex'
import { literal, readExpression, readValue, tag, untag, type SourceValue } from './source-value.ts'
import { ask, askForValues } from './ask.ts'
import { quoteWith, type Table } from './table.ts'

const quote = quoteWith('"')

/** A row of the stand-in: its values in the order of the table's columns, and its row id where it has one. */
export interface SourceRow {
  readonly values: readonly SourceValue[]
  readonly rowId: SourceValue
  /** The places of values that are no text although SQLite takes them for one: their bytes are none in its encoding. */
  readonly broken?: readonly number[]
  /** What the row is known by among the seed data, where that was asked for. */
  readonly seed?: string
}

/** Of one page. */
export const pageBounds: PageBounds = { rows: 1000, bytes: 4_000_000 }
/** Of one statement: its text is bounded. */
const mostKeys = 500

/**
 * Reads a table in pages, in the order of its row ids or its key, so that memory stays flat.
 *
 * @param from - the row id after which it begins.
 */
export async function* readPages(
  knex: Knex,
  table: Table,
  withSeeds = false,
  from?: string,
): AsyncGenerator<readonly SourceRow[]> {
  const columns = table.columns.map(({ name }) => quote(name))
  let after: string | undefined = from
  for (;;) {
    const rest = `${after === undefined ? '' : `where (${order(table)}) > ${after}`} order by ${order(table)} limit`
    const [size] = await ask<{ n: number }>(
      knex,
      pageSizeSql(columns, `from ${quote(table.name)} ${rest}`, pageBounds),
    )
    const rows = await select(knex, table, `${rest} ${size!.n}`, withSeeds)
    if (rows.length === 0) return
    yield rows
    after = placeOf(table, rows.at(-1)!)
  }
}

/** How many rows a table has. */
export async function countRows(knex: Knex, { name }: Table): Promise<number> {
  const [row] = await ask<{ n: unknown }>(knex, `select count(*) as n from ${quote(name)}`)
  return Number(row?.n)
}

/** How large the file is, without what is free in it. */
export async function fileBytes(knex: Knex): Promise<number> {
  const [row] = await ask<{ n: unknown }>(
    knex,
    'select (c.page_count - f.freelist_count) * s.page_size as n from pragma_page_count c, pragma_freelist_count f, pragma_page_size s',
  )
  return Number(row?.n)
}

/** Reads the rows of these keys, each as {@link keyMaker} makes it. */
export async function readByKeys(
  knex: Knex,
  table: Table,
  keys: readonly string[],
): Promise<Map<string, SourceRow>> {
  const found = new Map<string, SourceRow>()
  const keyOf = keyMaker(table)
  for (let start = 0; start < keys.length; start += mostKeys)
    for (const row of await readSome(knex, table, keys.slice(start, start + mostKeys)))
      found.set(keyOf(row), row)
  return found
}

/** Reads rows that were read a moment ago. While nobody can write, one that is not found must not be left out. */
export async function readAgain(
  knex: Knex,
  table: Table,
  keys: readonly string[],
): Promise<Map<string, SourceRow>> {
  const found = await readByKeys(knex, table, keys)
  const missing = knex.isTransaction ? keys.find((key) => !found.has(key)) : undefined
  if (missing !== undefined) throw notFound(table, missing)
  return found
}

/** The stand-in contradicts itself. */
export function notFound({ name }: Table, key: string): Error {
  return new Error(`${name}: the row ${showKey(key)} was read, and is not found by its key`)
}

async function readSome(knex: Knex, table: Table, keys: readonly string[]): Promise<readonly SourceRow[]> {
  const names = keyColumns(table).map((name) => quote(name))
  const wanted = keys.map((key) => (JSON.parse(key) as string[]).map((part) => literal(untag(part))))
  const where =
    names.length === 1
      ? `${names[0]} in (${wanted.map(([part]) => part).join(', ')})`
      : `(${names.join(', ')}) in (values ${wanted.map((parts) => `(${parts.join(', ')})`).join(', ')})`
  return await select(knex, table, `where ${where}`)
}

/** Makes of a row what tells it from all others: the values of its key, else its row id. */
export function keyMaker(table: Table): (row: SourceRow) => string {
  const places = table.key.map((name) => indexOf(table, name))
  return ({ values, rowId }) => {
    if (places.length === 0) return JSON.stringify([tag(rowId)])
    return JSON.stringify(places.map((place) => tag(values[place]!)))
  }
}

/** A key for a person. */
export function showKey(key: string): string {
  return (JSON.parse(key) as (string | null)[]).map((part) => part?.slice(1)).join(', ')
}

/** The place of a column in the values of a row. */
export function indexOf({ columns }: Table, name: string): number {
  return columns.findIndex((column) => column.name === name)
}

async function select(knex: Knex, table: Table, rest: string, withSeeds = false): Promise<SourceRow[]> {
  const { columns, rowId } = table
  const list = columns.map(({ name }, index) => `${readExpression(quote(name))} as c${index}`)
  if (rowId !== undefined) list.push(`${readExpression(rowId)} as r`)
  if (withSeeds) list.push(`${seedExpression(table)} as s`)
  const found = await askForValues(knex, `select ${list.join(', ')} from ${quote(table.name)} ${rest}`)
  const rows = found.map((row) => {
    const seed = withSeeds ? hashRow(row.pop()) : undefined
    const values = row.map(readValue)
    return { rowId: rowId === undefined ? null : values.pop()!, values, ...(withSeeds && { seed: seed! }) }
  })
  return rows.some(({ values }) => values.some(isDoubtful)) ? await withBroken(knex, table, rest, rows) : rows
}

/** A driver reads U+FFFD in place of what is no text. */
function isDoubtful(value: SourceValue): boolean {
  return typeof value === 'string' && value.includes('\uFFFD')
}

async function withBroken(
  knex: Knex,
  { name, columns }: Table,
  rest: string,
  rows: SourceRow[],
): Promise<SourceRow[]> {
  const list = columns.map((column, index) => `hex(${quote(column.name)}) as c${index}`)
  const found = await askForValues(knex, `select ${list.join(', ')} from ${quote(name)} ${rest}`)
  const [encoding] = await askForValues(knex, 'pragma encoding')
  const decoder = new TextDecoder(String(encoding), { fatal: true })
  return rows.map((row, place) => {
    const bytes = (index: number): Buffer => Buffer.from(String(found[place]![index]), 'hex')
    const broken = row.values.flatMap((value, index) =>
      isDoubtful(value) && !isText(bytes(index), decoder) ? [index] : [],
    )
    return { ...row, broken }
  })
}

function isText(bytes: Buffer, decoder: TextDecoder): boolean {
  try {
    decoder.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** The row as the baseline of the stand-in has it. */
function seedExpression({ columns }: Table): string {
  return rowExpression(columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name))
}

function keyColumns({ key, rowId = '' }: Table): readonly string[] {
  return key.length > 0 ? key : [rowId]
}

function order(table: Table): string {
  return table.rowId ?? table.key.map((name) => quote(name)).join(', ')
}

function placeOf(table: Table, { values, rowId }: SourceRow): string {
  if (table.rowId !== undefined) return literal(rowId)
  return `(${table.key.map((name) => literal(values[indexOf(table, name)]!)).join(', ')})`
}
