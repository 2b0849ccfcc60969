import { join } from 'node:path'
import { openDatabase, type Database } from 'failsoft/knex'
import makeKnex, { type Knex } from 'knex'
import { startPostgres } from '#test/servers/postgres.js'
import { compared, type Figure } from '../figure.ts'
import { inTurns, timed, type Effort, type Part } from '../part.ts'
import { temporaryDirectory } from '../service.ts'

/** What one query through `database.knex` costs beside plain knex, one after the other, on one connection each. */
export const queryPart: Part = {
  title: 'one query through database.knex beside plain knex',
  async measure(effort) {
    const postgres = await startPostgres()
    try {
      const figures: Figure[] = []
      for (const sqliteDriver of ['better-sqlite3', 'sqlite3'] as const) {
        const filename = join(temporaryDirectory(), `${sqliteDriver}.db`)
        const url = `sqlite:///${filename}`
        const plain = makeKnex({ client: sqliteDriver, connection: { filename }, useNullAsDefault: true })
        figures.push(await beside(sqliteDriver, openDatabase({ url, sqliteDriver }), plain, effort))
      }
      const plain = makeKnex({ client: 'pg', connection: postgres.url })
      figures.push(await beside('pg', openDatabase({ url: postgres.url }), plain, effort))
      return figures
    } finally {
      await postgres.remove()
    }
  },
}

async function beside(driver: string, database: Database, plain: Knex, { quick }: Effort): Promise<Figure> {
  const queries = quick ? 50 : 500
  await database.ready()
  await prepare(database.knex)
  const ask = (knex: Knex) => async () => {
    const ms = await timed(async () => {
      for (let id = 0; id < queries; id++) await knex('notes').where({ id }).first<unknown>()
    })
    return (ms * 1000) / queries
  }
  const [ours = [], theirs = []] = await inTurns(quick ? 3 : 31, [ask(database.knex), ask(plain)])
  await database.close()
  await plain.destroy()
  return compared(`query through ${driver}`, 'µs', [ours, theirs], { most: 1.02 })
}

async function prepare(knex: Knex): Promise<void> {
  await knex.schema.createTable('notes', (table) => {
    table.integer('id').primary()
    table.string('title')
  })
  await knex('notes').insert(Array.from({ length: 100 }, (_, id) => ({ id, title: `note ${id}` })))
}
