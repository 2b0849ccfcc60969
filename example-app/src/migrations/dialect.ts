import type { Knex } from 'knex'

/** The databases that the migrations are written for, by the names that knex has for them. */
export type Dialect = 'postgresql' | 'mysql' | 'sqlite3'

/** Which database this is, whichever driver talks to it. */
export function dialectOf({ client }: Knex): Dialect {
  return (client as { dialect: Dialect }).dialect
}
