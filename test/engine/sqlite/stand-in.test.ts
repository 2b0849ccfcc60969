import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Knex } from 'knex'
import t from 'tap'
import { clientOf } from '#lib/engine/knex-client.js'
import type { SqliteDriver } from '#lib/engine/sqlite/driver-names.js'
import { createSqliteEngine } from '#lib/engine/sqlite/sqlite-engine.js'
import type { StandIn } from '#lib/engine/sqlite/stand-in.js'
import { sqliteDrivers } from './drivers.js'
import { temporaryDirectory } from './open.js'

/** A stand-in that holds an empty table. */
async function openStandIn(
  t: { teardown(end: () => unknown): void },
  sqliteDriver: SqliteDriver,
  filesystem: 'local' | 'network',
): Promise<{ knex: Knex; standIn: StandIn }> {
  const filename = join(temporaryDirectory(t), 'x.db')
  const made = createSqliteEngine(
    { dialect: 'sqlite', filename, params: {} },
    { role: 'fallback', location: { filename, durability: 'unknown', filesystem }, sqliteDriver },
  )
  if (!made.ok) throw new Error(made.problem.message)
  const { engine } = made
  t.teardown(() => engine.close())
  const standIn = await engine.openStandIn(5000)
  await engine.knex.raw('create table notes (text)')
  await standIn.extend(5000)
  return { knex: engine.knex, standIn }
}

const written = { clean: false, tables: 1 }

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(`${driver}: whoever looks while it is counted is told the same`, { skip }, async (t) => {
    const { knex, standIn } = await openStandIn(t, driver, 'local')
    await knex('notes').insert({ text: 'mine' })
    const looks: Promise<unknown>[] = []
    for (let count = 0; count < 20; count++) {
      looks.push(standIn.look(5000))
      await setImmediate()
    }
    for (const look of looks) t.same(await look, written)
  })

  for (const rows of [1, 2, 3]) {
    void t.test(`${driver}: ${rows} rows through another connection than the first`, { skip }, async (t) => {
      const { knex, standIn } = await openStandIn(t, driver, 'network')
      const connection = await clientOf(knex).acquireConnection()
      connection.__knex__disposed = new Error('a query took too long')
      await clientOf(knex).releaseConnection(connection)
      await knex.transaction((trx) => trx('notes'))
      t.same(await standIn.look(5000), { clean: true, tables: 0 }, 'it alone says nothing')
      await knex('notes').insert(Array.from({ length: rows }, () => ({ text: 'mine' })))
      t.same(await standIn.look(5000), written)
    })
  }

  void t.test(`${driver}: what was written before its connection was lost`, { skip }, async (t) => {
    const { knex, standIn } = await openStandIn(t, driver, 'network')
    const connection = await clientOf(knex).acquireConnection()
    await knex('notes').connection(connection).insert({ text: 'mine' })
    connection.__knex__disposed = new Error('a query took too long')
    await clientOf(knex).releaseConnection(connection)
    await knex('notes')
    t.same(await standIn.look(5000), written)
  })
}
