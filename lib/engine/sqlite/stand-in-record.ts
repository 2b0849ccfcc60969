import { randomUUID } from 'node:crypto'
import {
  countOwnTables,
  createStandInTable,
  holds,
  readContents,
  standInTable,
  type Contents,
  type Run,
} from './contents.ts'

/** What a file that stands in says of itself, in a table of its own. */
export interface StandInRecord {
  /** Its own name, for as long as the file lives. */
  readonly id: string
  /** What it held once it was prepared. */
  readonly baseline: Contents
  /** Whether nothing was written to it since. */
  readonly isClean: boolean
  /** When it was promoted the last time. */
  readonly promotedAt: string | undefined
}

/** Those of a file of which nobody knows what it held. */
export const unknownContents: Contents = { schema: '', tables: {} }

/** Reads it; nothing where there is none. */
export async function readRecord(run: Run): Promise<StandInRecord | undefined> {
  const [table] = await run(`select 1 from sqlite_master where name = '${standInTable}'`)
  if (!table) return undefined
  const [row] = await run(`select id, baseline, writtenAt, promotedAt from ${standInTable}`)
  if (!row) return undefined
  const baseline = JSON.parse(String(row['baseline'])) as Contents
  return {
    id: String(row['id']),
    baseline,
    isClean: row['writtenAt'] === null && (await holds(run, baseline)),
    promotedAt: typeof row['promotedAt'] === 'string' ? row['promotedAt'] : undefined,
  }
}

/** Makes it. A file that is older than its record is clean where it holds no rows of its own. */
export async function createRecord(run: Run): Promise<StandInRecord> {
  const isClean = (await countOwnTables(run, unknownContents)) === 0
  const record = {
    id: randomUUID(),
    baseline: isClean ? await readContents(run) : unknownContents,
    isClean,
    promotedAt: undefined,
  }
  await run(createStandInTable)
  const values = [record.id, JSON.stringify(record.baseline)].map(literal).join(', ')
  await run(`insert into ${standInTable} (id, baseline) values (${values})`)
  return record
}

/** Replaces what the file held once it was prepared. */
export async function writeBaseline(run: Run, baseline: Contents): Promise<void> {
  await run(`update ${standInTable} set baseline = ${literal(JSON.stringify(baseline))}`)
}

/** Notes that something was written to the file. */
export async function writeWrittenAt(run: Run): Promise<void> {
  await run(`update ${standInTable} set writtenAt = ${literal(new Date().toISOString())}`)
}

/** When a program has promoted it the last time, if one has. */
export async function readPromotedAt(run: Run): Promise<string | undefined> {
  const [row] = await run(`select promotedAt from ${standInTable}`)
  const promotedAt = row?.['promotedAt']
  return typeof promotedAt === 'string' ? promotedAt : undefined
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
