import type { Knex } from 'knex'
import { migrations } from './list.ts'
import { withMigrationLock } from './migration-lock.ts'

const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(migrations),
  getMigrationName: (name) => name,
  getMigration: async (name) => migrations[name] as Knex.Migration,
}

type Step = (migrator: Knex.Migrator) => Promise<[number, string[]]>

/**
 * Brings the tables up to date, on whichever database this is. Processes that start together take turns.
 *
 * @returns the names of the migrations that ran.
 */
export async function migrate(knex: Knex): Promise<string[]> {
  // Where nothing is to be done, nothing is written: also a read-only copy will do.
  if (await isUpToDate(knex)) return []
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

async function isUpToDate(knex: Knex): Promise<boolean> {
  if (!(await knex.schema.hasTable('knex_migrations'))) return false
  const done = await knex('knex_migrations').pluck<string[]>('name')
  return Object.keys(migrations).every((name) => done.includes(name))
}
