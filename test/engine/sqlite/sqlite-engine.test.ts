import { join } from 'node:path'
import t from 'tap'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import { createSqliteEngine } from '#lib/engine/sqlite/sqlite-engine.js'
import { temporaryDirectory } from './open.js'

t.test('an engine on a file has bounds, no password, and nothing in use once it is closed', async (t) => {
  const filename = join(temporaryDirectory(t), 'x.db')
  const location = { filename, durability: 'unknown', filesystem: 'local' } as const
  const made = createSqliteEngine(
    { dialect: 'sqlite', filename, params: {} },
    { role: 'primary', location, pool: { acquireTimeoutMs: 1000 } },
  )
  if (!made.ok) throw new Error(made.problem.message)
  const engine: ManagedEngine = made.engine
  engine.setPassword('no file has one')
  await engine.knex.schema.createTable('tasks', (table) => table.integer('n'))
  const trx = await engine.knex.transaction()
  t.ok(engine.isBusy())
  await t.rejects(engine.knex('tasks').insert({ n: 1 }), { code: 'sqlite-busy' })
  await trx.commit()
  t.match(await engine.probe({ write: true }), { ok: true, readOnly: false })
  await engine.close()
  t.notOk(engine.isBusy())
})
