import type { Knex } from 'knex'
import { ask } from './ask.ts'
import { quoteWith } from './table.ts'

const quote = quoteWith('"')

/** An index of what another table holds has nothing of its own. */
const indexes = /\bcontent\s*=|\busing\s+(fts5vocab|fts4aux)\b/i

/** The names of the virtual tables of a SQLite file that hold something of their own, by the file's schema: their modules may not be there. */
export async function readVirtualTables(knex: Knex): Promise<readonly string[]> {
  const all = await ask<{ name: string; sql: string }>(
    knex,
    `select name, sql from sqlite_schema where type = 'table' and rootpage = 0 order by name`,
  )
  const found: string[] = []
  for (const { name, sql } of all) if (!indexes.test(sql) && (await mayHoldRows(knex, name))) found.push(name)
  return found
}

async function mayHoldRows(knex: Knex, name: string): Promise<boolean> {
  try {
    return (await ask(knex, `select 1 from ${quote(name)} limit 1`)).length > 0
  } catch {
    return true
  }
}
