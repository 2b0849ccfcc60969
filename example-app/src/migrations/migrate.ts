import type { Knex } from 'knex'
import { migrations } from './list.ts'
import { withMigrationLock } from './migration-lock.ts'

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(migrations),
  getMigrationName: (name) => name,
  getMigration: async (name) =>
    migrations[name] ?? Promise.reject(new Error(`There is no migration ${name}.`)),
}

type Step = (migrator: Knex.Migrator) => Promise<[number, string[]]>

/**
 * Brings the tables up to date, on whichever database this is. Processes that start together take turns.
 *
 * @returns the names of the migrations that ran.
 */
export async function migrate(knex: Knex): Promise<string[]> {
  return alone(knex, async (migrator) => migrator.latest({ migrationSource }))
}

/**
 * Undoes the migrations that ran last together.
 *
 * @returns their names.
 */
export async function rollBack(knex: Knex): Promise<string[]> {
  return alone(knex, async (migrator) => migrator.rollback({ migrationSource }))
}

async function alone(knex: Knex, step: Step): Promise<string[]> {
  return withMigrationLock(knex, async ({ migrate: migrator }) => {
    // Whoever left knex's own lock behind is gone.
    await migrator.forceFreeMigrationsLock({ migrationSource })
    const [, names] = await step(migrator)
    return names
  })
}
