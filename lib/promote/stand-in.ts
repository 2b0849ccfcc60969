import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { hashOf } from './comparable.ts'
import { keyOf, readPages } from './read-rows.ts'
import { readTables } from './primaries/sqlite.ts'
import { rowsOf } from './primaries/primary.ts'
import { tag } from './source-value.ts'

/** The table in which a stand-in says what it is. */
export const standInTable = 'failsoft_stand_in'

/** The rows that were there before anybody wrote: by table and key, the sum of their values. */
export type Baseline = Readonly<Record<string, Readonly<Record<string, string>>>>

/** What a stand-in knows of itself. */
export interface StandInRecord {
  /** Its own for life, whatever the file is called and wherever it is. */
  readonly id: string
  readonly baseline: Baseline
  /** When all of it was last promoted, in epoch milliseconds. */
  readonly promotedAt: number | null
}

/** Reads what a stand-in knows of itself; a file that was never told is new, and has no seed data. */
export async function readStandIn(knex: Knex): Promise<StandInRecord> {
  const known = rowsOf(
    await knex.raw(`select 1 from sqlite_schema where type = 'table' and name = '${standInTable}'`),
  )
  const [row] =
    known.length === 0 ? [] : rowsOf<Record<string, unknown>>(await knex.raw(`select * from ${standInTable}`))
  if (!row) return { id: randomUUID(), baseline: {}, promotedAt: null }
  const { id, baseline, promotedAt } = row as {
    id: string
    baseline: string | null
    promotedAt: number | null
  }
  return { id, baseline: readBaseline(baseline), promotedAt }
}

function readBaseline(text: string | null): Baseline {
  try {
    const read: unknown = JSON.parse(text ?? '{}')
    return typeof read === 'object' && read !== null ? (read as Baseline) : {}
  } catch {
    return {}
  }
}

/** Makes the record of a stand-in last, so that the next run knows it again. */
export async function keepStandIn(knex: Knex, record: StandInRecord): Promise<void> {
  await knex.raw(
    `create table if not exists ${standInTable} (id text primary key, baseline text, promotedAt integer)`,
  )
  await knex.raw(
    `insert into ${standInTable} (id, baseline, promotedAt) select ?, ?, ? where not exists (select 1 from ${standInTable})`,
    [record.id, JSON.stringify(record.baseline), record.promotedAt],
  )
}

/** Notes that all of a stand-in is in the primary. */
export async function markPromoted(knex: Knex, at: number): Promise<void> {
  await knex.raw(`update ${standInTable} set promotedAt = ?`, [at])
}

/** The rows that are there now, as a baseline: what a program's preparation wrote is nobody's work. */
export async function readRowsAsBaseline(knex: Knex): Promise<Baseline> {
  const baseline: Record<string, Record<string, string>> = {}
  for (const table of await readTables(knex)) {
    if (table.name === standInTable) continue
    const rows: Record<string, string> = {}
    for await (const page of readPages(knex, table)) {
      for (const row of page) rows[keyOf(table, row)] = hashOf(row.values.map(tag))
    }
    if (Object.keys(rows).length > 0) baseline[table.name] = rows
  }
  return baseline
}
