import type { Knex } from 'knex'

/** What knex calls the database: `postgresql`, `mysql` or `sqlite3`, whichever driver talks to it. */
export function dialectOf({ client }: Knex): string {
  return (client as { dialect: string }).dialect
}
