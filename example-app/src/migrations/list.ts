// Written by `npm run migrate:make`.
import type { Knex } from 'knex'
import * as migration20261121090000CreateTasks from './20261121090000-create-tasks.ts'

/** All migrations, by name, in order: a list in code, so that no directory has to be there at run time. */
export const migrations: Readonly<Record<string, Knex.Migration>> = {
  '20261121090000-create-tasks': migration20261121090000CreateTasks,
}
