import { join } from 'node:path'
import t from 'tap'
import { clientOf } from '#lib/engine/knex-client.js'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import type { SqliteClient } from '#lib/engine/sqlite/sqlite-client.js'
import { createSqliteEngine } from '#lib/engine/sqlite/sqlite-engine.js'
import { sqliteDrivers } from './drivers.js'
import { open, temporaryDirectory } from './open.js'

t.test('an engine on a file has bounds, no password, and nothing in use once it is closed', async (t) => {
  const filename = join(temporaryDirectory(t), 'x.db')
  const location = { filename, durability: 'unknown', filesystem: 'local' } as const
  const made = createSqliteEngine(
    { dialect: 'sqlite', filename, params: {} },
    { role: 'primary', location, pool: { acquireTimeoutMs: 1000 } },
  )
  if (!made.ok) throw new Error(made.problem.message)
  const engine: ManagedEngine = made.engine
  engine.setLogin({ user: undefined, password: 'no file has one' })
  await engine.knex.schema.createTable('tasks', (table) => table.integer('n'))
  const trx = await engine.knex.transaction()
  t.ok(engine.isBusy())
  await t.rejects(engine.knex('tasks').insert({ n: 1 }), { code: 'sqlite-busy' })
  await trx.commit()
  t.match(await engine.probe({ write: true }), { ok: true, readOnly: false })
  await engine.close()
  t.notOk(engine.isBusy())
})

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(`${driver}: a writer in use is no failure`, { skip }, async (t) => {
    for (const filesystem of ['local', 'network'] as const) {
      const filename = join(temporaryDirectory(t), 'x.db')
      const made = createSqliteEngine(
        { dialect: 'sqlite', filename, params: {} },
        { role: 'primary', location: { filename, durability: 'unknown', filesystem }, sqliteDriver: driver },
      )
      if (!made.ok) throw new Error(made.problem.message)
      const { engine } = made
      t.teardown(() => engine.close())
      const ask = (): ReturnType<typeof engine.probe> => engine.probe({ timeoutMs: 4000, write: true })
      await engine.knex.schema.createTable('tasks', (table) => table.integer('n'))
      t.match(await ask(), { ok: true, readOnly: false })

      await engine.knex.transaction(async () =>
        t.match(await ask(), { ok: true, readOnly: false }, `${filesystem}: asked inside a transaction`),
      )
      const trx = await engine.knex.transaction()
      t.match(await ask(), { ok: true, readOnly: false }, `${filesystem}: asked beside a transaction`)
      await trx.commit()
      if (filesystem === 'network') continue

      const reader = (clientOf(engine.knex) as SqliteClient).asReader()
      const { max = 0 } = reader.pool ?? {}
      const last = await engine.knex.transaction()
      const held = await Promise.all(Array.from({ length: max }, () => reader.acquireConnection()))
      t.match(await ask(), { ok: true, readOnly: false }, 'all readers are in use too')
      await Promise.all(held.map((connection) => reader.releaseConnection(connection)))
      await last.commit()

      const other = await open(t, { driver, filename }).transaction()
      t.match(await ask(), { ok: true, readOnly: false }, 'another program has the lock')
      await other.commit()
    }
  })

  void t.test(`${driver}: a writer that was never asked has to answer`, { skip }, async (t) => {
    const filename = join(temporaryDirectory(t), 'x.db')
    const other = await open(t, { driver, filename }).transaction()
    const made = createSqliteEngine(
      { dialect: 'sqlite', filename, params: {} },
      {
        role: 'primary',
        location: { filename, durability: 'unknown', filesystem: 'local' },
        sqliteDriver: driver,
      },
    )
    if (!made.ok) throw new Error(made.problem.message)
    t.teardown(() => made.engine.close())
    const answer = await made.engine.probe({ timeoutMs: 500, write: true })
    t.match(answer, { ok: false, problem: { code: 'sqlite-busy' } })
    await other.commit()
  })
}
