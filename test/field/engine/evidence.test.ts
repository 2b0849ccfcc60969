import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import { firstRow, openEngine } from '../../engine/server/open-engine.js'
import { behindProxy, outcome, subjects } from '../../engine/server/evidence-subjects.js'

for (const subject of subjects) {
  const { name, url } = subject

  void t.test(`${name}: what the server works on is left alone`, async (t) => {
    const { url: proxied } = await behindProxy(t, url)
    const database = openDatabase({ url: proxied, strategy: 'never', pool: { max: 2 } })
    t.teardown(() => database.close())
    const knex = await database.ready()
    const idle = await knex.transaction()
    const report = outcome(knex.raw(subject.sleep(9)))
    t.equal(await report, 'served', 'a report of nine seconds, with all connections in use')
    t.same(await firstRow(idle, 'select 1 as one'), { one: 1 }, 'a transaction that is idle meanwhile')
    await idle.commit()
    t.equal(database.state.status, 'connected')
  })

  void t.test(`${name}: a question of ours that fails costs nobody a connection`, async (t) => {
    const database = openDatabase({ url, strategy: 'never' })
    t.teardown(() => database.close())
    const knex = await database.ready()
    const trx = await knex.transaction()
    const report = outcome(knex.raw(subject.sleep(0.5)))
    await database.check({ timeoutMs: 0.1 })
    const until = performance.now() + 6000
    const verdict = database.check()
    while (performance.now() < until);
    await verdict
    t.equal(database.state.status, 'connected', 'a process that stood still for 6 s')
    t.equal(await report, 'served')
    t.same(await firstRow(trx, 'select 1 as one'), { one: 1 })
    await trx.commit()
  })

  void t.test(`${name}: a silent server is not said to work`, async (t) => {
    const { proxy, url: proxied } = await behindProxy(t, url)
    const engine = openEngine(t, proxied, { pool: { max: 3, acquireTimeoutMs: 2000 } }) as ManagedEngine
    await engine.probe()
    const held = await Promise.all([1, 2, 3].map(() => engine.knex.transaction()))
    await t.rejects(engine.knex.raw('select 1'), { code: 'pool-exhausted' }, 'one that works, is')
    for (const trx of held) void outcome(trx.raw(subject.sleep(60)))
    proxy.stall()
    await sleep(2500)
    const codes = await Promise.all(Array.from({ length: 6 }, () => outcome(engine.knex.raw('select 1'))))
    t.notOk(codes.includes('pool-exhausted'), String(codes))
    await engine.close({ timeoutMs: 100 })
  })
}
