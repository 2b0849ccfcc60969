import type { Knex } from 'knex'
import { exactText } from './exact-text.ts'

export async function up(knex: Knex): Promise<void> {
  const exact = await exactText(knex)
  await knex.schema.createTable('tasks', (table) => {
    table.specificType('id', `varchar(36) ${exact}`).primary()
    table.specificType('title', `varchar(200) ${exact}`).notNullable()
    table.specificType('description', `text ${exact}`).notNullable()
    table.boolean('completed').notNullable()
    // ISO 8601 in UTC: text of this form sorts by time, and reads back the same from each database, in whatever time zone.
    table.specificType('created_at', `varchar(24) ${exact}`).notNullable()
    table.specificType('updated_at', `varchar(24) ${exact}`).notNullable()
    table.specificType('search', `text ${exact}`).notNullable()
    table.index(['created_at', 'id'])
    table.index(['title', 'id'])
    table.index(['completed', 'created_at', 'id'])
    table.index(['completed', 'title', 'id'])
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('tasks')
}
