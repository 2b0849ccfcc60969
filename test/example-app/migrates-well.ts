import { dialectOf } from 'example-app/migrations/dialect.js'
import { migrations } from 'example-app/migrations/list.js'
import { migrate, rollBack } from 'example-app/migrations/migrate.js'
import { withMigrationLock } from 'example-app/migrations/migration-lock.js'
import { openDatabase } from 'failsoft/knex'
import type { Knex } from 'knex'
import type { Test } from 'tap'

const names = Object.keys(migrations)

/** What must hold on each database. The URL leads to one that is up to date, and empty. */
export async function migratesWell(t: Test, url: string): Promise<void> {
  await t.test('goes down and up again, and does nothing twice', async (t) => {
    const database = openDatabase({ url, env: {}, strategy: 'never', log: () => {} })
    t.teardown(async () => database.close())
    const knex = await database.ready()
    t.strictSame(await migrate(knex), [])
    t.strictSame(await rollBack(knex), names.toReversed())
    t.notOk(await knex.schema.hasTable('tasks'))
    t.strictSame(await rollBack(knex), [])
    const both = await Promise.all([migrate(knex), migrate(knex)])
    t.strictSame(both.flat(), names, 'also when asked twice at a time')
    t.ok(await knex.schema.hasTable('tasks'))
  })

  await t.test('a lock that a dead process left behind holds nobody up', async (t) => {
    const database = openDatabase({ url, env: {}, strategy: 'never', log: () => {} })
    t.teardown(async () => database.close())
    const knex = await database.ready()
    await rollBack(knex)
    await knex('knex_migrations_lock').update({ is_locked: 1 })
    t.strictSame(await migrate(knex), names)
  })

  await t.test('who waits too long for another process gives up', async (t) => {
    const database = openDatabase({ url, env: {}, strategy: 'never', log: () => {} })
    t.teardown(async () => database.close())
    const knex = await database.ready()
    // SQLite has a patience of its own, which is the engine's.
    if (dialectOf(knex) === 'sqlite3') return
    await withMigrationLock(knex, async () => {
      await t.rejects(withMigrationLock(knex, async () => t.fail('has the lock too'), 1))
    })
    t.equal(await withMigrationLock(knex, async () => 'free again', 1), 'free again')
  })

  await t.test('each order and filter has an index behind it', async (t) => {
    const database = openDatabase({ url, env: {}, strategy: 'never', log: () => {} })
    t.teardown(async () => database.close())
    const knex = await database.ready()
    await fill(knex)
    for (const [column, order] of [
      ['created_at', 'desc'],
      ['title', 'asc'],
    ] as const) {
      for (const filter of [{}, { completed: true }]) {
        const list = knex('tasks')
          .where(filter)
          .orderBy([
            { column, order },
            { column: 'id', order },
          ])
          .limit(20)
        const plan = await explain(knex, list.toQuery())
        t.match(
          plan,
          new RegExp(`tasks_${'completed' in filter ? 'completed_' : ''}${column}_id_index`),
          plan,
        )
      }
    }
  })
}

async function fill(knex: Knex): Promise<void> {
  const text = { description: '', search: '' }
  const rows = Array.from({ length: 20_000 }, (_, n) => {
    const time = new Date(n * 1_000).toISOString()
    return {
      id: `id-${n}`,
      title: `title ${n}`,
      completed: n % 100 === 0,
      created_at: time,
      updated_at: time,
      ...text,
    }
  })
  await knex.transaction(async (trx) => {
    for (let from = 0; from < rows.length; from += 500)
      await trx('tasks').insert(rows.slice(from, from + 500))
  })
  await knex.raw(dialectOf(knex) === 'mysql' ? 'analyze table tasks' : 'analyze')
}

async function explain(knex: Knex, sql: string): Promise<string> {
  const isSqlite = dialectOf(knex) === 'sqlite3'
  const result = (await knex.raw(`explain ${isSqlite ? 'query plan ' : ''}${sql}`)) as {
    rows?: unknown
  } & unknown[]
  return JSON.stringify(isSqlite ? result : (result.rows ?? result[0]))
}
