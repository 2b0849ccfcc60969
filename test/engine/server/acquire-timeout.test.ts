import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import t from 'tap'
import { validateUrl } from 'failsoft'
import { createEngine } from 'failsoft/knex'

t.test('a wait that ends while nothing is connected yet is no full pool', async (t) => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => silent.close())
  const read = validateUrl(`postgres://u:p@127.0.0.1:${(silent.address() as AddressInfo).port}/d`)
  if (!read.valid) throw new Error(read.problems[0].message)
  const made = createEngine(read.target, { connectTimeoutMs: 1000, pool: { acquireTimeoutMs: 100 } })
  if (!made.ok) throw new Error(made.problem.message)
  t.teardown(() => made.engine.close())
  await t.rejects(Promise.resolve(made.engine.knex.raw('select 1')), { code: 'connect-timeout' })
})

t.test('an engine whose knex was destroyed behind its back is closed', async (t) => {
  const read = validateUrl('postgres://u:p@127.0.0.1:1/d')
  if (!read.valid) throw new Error(read.problems[0].message)
  const made = createEngine(read.target)
  if (!made.ok) throw new Error(made.problem.message)
  await made.engine.knex.destroy()
  await t.rejects(Promise.resolve(made.engine.knex.raw('select 1')), { name: 'ProblemError', code: 'closed' })
})
