import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { createStandInTable, standInTable } from '../engine/sqlite/contents.ts'
import { rowsOf } from './primaries/primary.ts'

/** What a stand-in knows of itself. */
export interface StandInRecord {
  /** Its own for life, whatever the file is called and wherever it is. */
  readonly id: string
  /** The rows that nobody wrote but the program's own preparation: by table, the sum of each. */
  readonly seeds: Readonly<Record<string, readonly string[]>>
}

/** Reads what a stand-in knows of itself; a file that was never told is new, and has no seed data. */
export async function readStandIn(knex: Knex): Promise<StandInRecord> {
  const [table] = rowsOf(
    await knex.raw(`select 1 from sqlite_schema where type = 'table' and name = '${standInTable}'`),
  )
  const [row] = table
    ? rowsOf<{ id: string; baseline: string }>(await knex.raw(`select id, baseline from ${standInTable}`))
    : []
  if (!row) return { id: randomUUID(), seeds: {} }
  const { tables } = JSON.parse(row.baseline) as { tables?: StandInRecord['seeds'] }
  return { id: row.id, seeds: tables ?? {} }
}

/** Makes the record of a stand-in last, so that the next run knows it again. */
export async function keepStandIn(knex: Knex, { id }: StandInRecord): Promise<void> {
  await knex.raw(createStandInTable)
  await knex.raw(
    `insert into ${standInTable} (id, baseline) select ?, '{"schema":"","tables":{}}' where not exists (select 1 from ${standInTable})`,
    [id],
  )
}

/** Notes that all of a stand-in is in the primary. */
export async function markPromoted(knex: Knex): Promise<void> {
  await knex.raw(`update ${standInTable} set promotedAt = ?`, [new Date().toISOString()])
}
