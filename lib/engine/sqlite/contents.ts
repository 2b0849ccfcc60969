import { createHash } from 'node:crypto'
import { pageSizeSql, type PageBounds } from './page-size.ts'
import { rowIdBeside } from './row-id.ts'

/** Runs a statement on one connection. */
export type Run = (sql: string) => Promise<readonly Row[]>
type Row = Readonly<Record<string, unknown>>

/** What a file holds: enough to tell whether it holds anything else. */
export interface Contents {
  /** All that defines tables, indexes, views and triggers, and the counters of keys, as one hash. */
  readonly schema: string
  /** The rows of each table, a hash each, in order. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  /** All that the file held when it was last promoted, as one hash: `tables` are then those of its preparation alone. */
  readonly promoted?: string
}

/** The internal table of a stand-in. */
export const standInTable = 'failsoft_stand_in'

/** Makes the internal table of a stand-in, where there is none. */
export const createStandInTable: string = `create table if not exists ${standInTable} (id text primary key, baseline text not null, writtenAt text, promotedAt text)`

/** Reads all that a file holds. */
export async function readContents(run: Run): Promise<Contents> {
  const tables: Record<string, readonly string[]> = {}
  for (const name of await tableNames(run)) tables[name] = await hashRows(run, name)
  return { schema: await readSchema(run), tables }
}

/** Whether a file holds exactly this. It reads no more rows than that, however many there are. */
export async function holds(run: Run, contents: Contents): Promise<boolean> {
  if (contents.promoted !== undefined) return (await hashContents(run)) === contents.promoted
  if ((await readSchema(run)) !== contents.schema) return false
  for (const name of await tableNames(run)) if (await differs(run, name, contents)) return false
  return true
}

/** How many tables hold rows besides these; the bookkeeping of migrations is none of them. */
export async function countOwnTables(run: Run, contents: Contents): Promise<number> {
  let count = 0
  for (const name of await tableNames(run)) {
    if (!name.startsWith('knex_migrations') && (await hasOtherRows(run, name, contents))) count++
  }
  return count
}

/** All that a file holds as one hash, in pages, so that memory stays flat. */
export async function hashContents(run: Run): Promise<string> {
  const sum = createHash('sha256').update(await readSchema(run))
  for (const name of await tableNames(run)) {
    sum.update(`\n${name}\n`)
    for await (const page of readPages(run, name)) sum.update(page)
  }
  return sum.digest('hex')
}

const most: PageBounds = { rows: 1000, bytes: 500_000 }

async function* readPages(run: Run, table: string): AsyncGenerator<string> {
  const names = await columnNames(run, table)
  const row = rowExpression(names)
  const rowId = await findRowId(run, table)
  const order = rowId ? `order by ${rowId}` : ''
  let [offset, last] = [0, '']
  for (;;) {
    const after = rowId ? last && `where ${rowId} > ${last}` : ''
    const rest = `from ${quote(table)} ${after} ${order} limit ${offset},`
    const [size] = await run(pageSizeSql(names.map(quote), rest, most))
    const [page] = await run(
      `select group_concat(value, char(10)) || char(10) as page, count(*) as n, cast(max(place) as text) as last
       from (select ${row} as value, ${rowId ?? '0'} as place ${rest} ${Number(size?.['n'])})`,
    )
    if (Number(page?.['n']) === 0) return
    yield String(page?.['page'])
    if (rowId) last = String(page?.['last'])
    else offset += Number(page?.['n'])
  }
}

async function columnNames(run: Run, table: string): Promise<string[]> {
  return (await run(`pragma table_info(${quote(table)})`)).map(({ name }) => String(name))
}

/** None in a table without row ids, or whose columns hide them. */
async function findRowId(run: Run, table: string): Promise<string | undefined> {
  const [found] = await run(`select wr from pragma_table_list(${text(table)}) where schema = 'main'`)
  if (found?.['wr'] !== 0) return undefined
  // Columns that are computed hide it too.
  const columns = await run(`pragma table_xinfo(${quote(table)})`)
  return rowIdBeside(columns.map(({ name }) => String(name)))
}

async function differs(run: Run, name: string, { tables }: Contents): Promise<boolean> {
  const known = tables[name] ?? []
  if ((await countRows(run, name, known.length + 1)) !== known.length) return true
  return (await hashRows(run, name)).join() !== known.join()
}

async function hasOtherRows(run: Run, name: string, { tables }: Contents): Promise<boolean> {
  const known = tables[name] ?? []
  if ((await countRows(run, name, known.length + 1)) > known.length) return true
  const left = new Set(known)
  return (await hashRows(run, name)).some((hash) => !left.has(hash))
}

/** Without virtual tables, which need their module: what they hold is in the tables that they keep beside them. */
async function tableNames(run: Run): Promise<string[]> {
  const rows = await run(
    `select name from sqlite_master where type = 'table' and rootpage > 0 and name not like 'sqlite\\_%' escape '\\' and name <> '${standInTable}' order by name`,
  )
  return rows.map(({ name }) => String(name))
}

async function countRows(run: Run, table: string, most: number): Promise<number> {
  const [row] = await run(`select count(*) as n from (select 1 from ${quote(table)} limit ${most})`)
  return Number(row?.['n'])
}

async function hashRows(run: Run, table: string): Promise<string[]> {
  const row = rowExpression(await columnNames(run, table))
  const rows = await run(`select ${row} as value from ${quote(table)}`)
  return rows.map(({ value }) => hashRow(value)).toSorted()
}

/** All of a row in one expression. SQLite writes each value as a literal, so that no driver can change it on its way. */
export function rowExpression(columns: readonly string[]): string {
  return columns.map((name) => valueExpression(quote(name))).join(" || ',' || ")
}

/** `quote` ends a text at its first NUL. */
function valueExpression(column: string): string {
  return `iif(typeof(${column}) = 'text' and instr(${column}, char(0)), 't' || hex(${column}), quote(${column}))`
}

/** The hash of a row, of the value of its {@link rowExpression}: a baseline lists these. */
export function hashRow(value: unknown): string {
  return hash(String(value))
}

async function readSchema(run: Run): Promise<string> {
  const rows = await run(
    `select type, name, sql from sqlite_master where tbl_name <> '${standInTable}' and name not like 'sqlite\\_stat%' escape '\\' order by type, name`,
  )
  const hasCounters = rows.some(({ name }) => name === 'sqlite_sequence')
  const counters = hasCounters ? await run('select name, seq from sqlite_sequence order by name') : []
  return hash(JSON.stringify([rows.map(Object.values), counters.map(Object.values)]))
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
