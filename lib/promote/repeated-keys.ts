import type { Knex } from 'knex'
import { askForValues } from './ask.ts'
import type { Run } from './run.ts'
import { readExpression, readValue, tag } from './source-value.ts'
import { quoteWith, type Table } from './table.ts'

const quote = quoteWith('"')

/** So many are named. */
const most = 100

/**
 * Names the keys of the primary that several rows of the stand-in have, where that has no such key: one of these rows would be taken
 * for another. Returns whether there are any.
 */
export async function reportRepeatedKeys(run: Run, standIn: Knex): Promise<boolean> {
  let hasSome = false
  for (const pair of run.pairs.filter(({ mayRepeatKeys }) => mayRepeatKeys)) {
    for (const key of await repeatedKeys(standIn, pair.source)) {
      run.differ(pair, key, 'is the key of several rows of the stand-in')
      hasSome = true
    }
  }
  return hasSome
}

async function repeatedKeys(knex: Knex, { name, key }: Table): Promise<string[]> {
  const columns = key.map((column) => quote(column))
  const list = columns.map((column, index) => `${readExpression(column)} as c${index}`)
  // A column may take texts for the same that differ.
  const groups = columns.map((column) => `${column} collate binary`)
  const found = await askForValues(
    knex,
    `select ${list.join(', ')} from ${quote(name)} group by ${groups.join(', ')} having count(*) > 1 limit ${most}`,
  )
  return found.map((row) => JSON.stringify(row.map((value) => tag(readValue(value)))))
}
