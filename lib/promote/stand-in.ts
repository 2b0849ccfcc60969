import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { createStandInTable, standInTable, type Contents } from '../engine/sqlite/contents.ts'
import { ask } from './ask.ts'

/** What a stand-in knows of itself. */
export interface StandInRecord {
  /** Its own for life, whatever the file is called and wherever it is. */
  readonly id: string
  /** The rows that nobody wrote but the program's own preparation: by table, the sum of each. */
  readonly seeds: Readonly<Record<string, readonly string[]>>
}

/** Reads what a stand-in knows of itself; a file that was never told is new, and has no seed data. */
export async function readStandIn(knex: Knex): Promise<StandInRecord> {
  return (await findRecord(knex)) ?? { id: randomUUID(), seeds: {} }
}

async function findRecord(knex: Knex): Promise<StandInRecord | undefined> {
  const [table] = await ask(
    knex,
    `select 1 from sqlite_schema where type = 'table' and name = '${standInTable}'`,
  )
  const [row] = table
    ? await ask<{ id: string; baseline: string }>(knex, `select id, baseline from ${standInTable}`)
    : []
  if (!row) return undefined
  const { tables } = JSON.parse(row.baseline) as Partial<Contents>
  return { id: row.id, seeds: tables ?? {} }
}

/** Reads what a stand-in knows of itself, and makes that last before anything is copied: the next run has to know it again. */
export async function keepStandIn(knex: Knex): Promise<StandInRecord> {
  // To write would wait for another promotion that holds the writer.
  const known = await findRecord(knex)
  if (known) return known
  await ask(knex, createStandInTable)
  await ask(
    knex,
    `insert into ${standInTable} (id, baseline) select ?, '{"schema":"","tables":{}}' where not exists (select 1 from ${standInTable})`,
    [randomUUID()],
  )
  return await readStandIn(knex)
}

/**
 * Notes that all of a stand-in is in the primary: it counts as clean until somebody writes to it again. What was its seed data stays
 * that, since another primary may have to be given the rest.
 *
 * @param contents - the hash of all that it holds.
 */
export async function markPromoted(held: Knex, contents: string): Promise<void> {
  const [row] = await ask<{ baseline: string }>(held, `select baseline from ${standInTable}`)
  const baseline = JSON.stringify({ ...(JSON.parse(row!.baseline) as Contents), promoted: contents })
  await ask(held, `update ${standInTable} set promotedAt = ?, baseline = ?, writtenAt = null`, [
    new Date().toISOString(),
    baseline,
  ])
}
