import type { Knex } from 'knex'
import { migrations } from './list.ts'
import { withMigrationLock } from './migration-lock.ts'

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(migrations),
  getMigrationName: (name) => name,
  getMigration: async (name) =>
    migrations[name] ?? Promise.reject(new Error(`There is no migration ${name}.`)),
}

/**
 * Brings the tables up to date, on whichever database this is. Processes that start together take turns.
 *
 * @returns the names of the migrations that ran.
 */
export async function migrate(knex: Knex): Promise<string[]> {
  return withMigrationLock(knex, async (locked) => {
    const [, names] = (await locked.migrate.latest({ migrationSource })) as [number, string[]]
    return names
  })
}

/**
 * Undoes the migrations that ran last together.
 *
 * @returns their names.
 */
export async function rollBack(knex: Knex): Promise<string[]> {
  return withMigrationLock(knex, async (locked) => {
    const [, names] = (await locked.migrate.rollback({ migrationSource })) as [number, string[]]
    return names
  })
}
