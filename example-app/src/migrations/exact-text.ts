import type { Knex } from 'knex'
import { dialectOf, type Dialect } from './dialect.ts'

/**
 * What to write behind a type so that its texts are compared and sorted by code point, on each database. They would differ
 * otherwise in what is equal to what ("a" and "A", "a" and "a "), and in the order of a page.
 */
export async function exactText(knex: Knex): Promise<string> {
  return collations[dialectOf(knex)](knex)
}

const collations: Readonly<Record<Dialect, (knex: Knex) => string | Promise<string>>> = {
  postgresql: () => 'collate "C"',
  sqlite3: () => 'collate binary',
  mysql: async (knex) => `character set utf8mb4 collate ${await mysqlCollation(knex)}`,
}

/** utf8mb4_bin, which each server has, takes "a" and "a " for the same text; the others, of MySQL and of MariaDB, do not. */
async function mysqlCollation(knex: Knex): Promise<string> {
  const known = await knex('information_schema.collations')
    .whereIn('collation_name', ['utf8mb4_0900_bin', 'utf8mb4_nopad_bin', 'utf8mb4_bin'])
    .orderByRaw('length(collation_name) desc')
    .pluck<string[]>('collation_name')
  return String(known[0])
}
