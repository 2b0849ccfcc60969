import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import { change, firstRow, openEngine } from './open-engine.js'
import { behindProxy, outcome, subjects } from './evidence-subjects.js'

for (const subject of subjects) {
  const { name, url } = subject

  void t.test(`${name}: the watch takes no connection of the program`, async (t) => {
    const owner = openEngine(t, url)
    for (const limit of [1, 2, 5]) {
      const user = `limited_${limit}`
      for (const sql of subject.limitedUser(user, limit)) await owner.knex.raw(sql)
      const database = openDatabase({
        url: change(url, { user, password: user, query: `connection_limit=${limit}` }),
        strategy: 'never',
      })
      t.teardown(() => database.close())
      const knex = await database.ready()
      const served = await Promise.all(
        Array.from({ length: 20 }, () => outcome(knex.raw(subject.sleep(0.05)))),
      )
      t.same(
        served,
        Array.from({ length: 20 }, () => 'served'),
        `${limit}: all 20`,
      )
      t.match(await database.check(), { status: 'pass' })
      t.equal(database.state.status, 'connected')
      await database.close()
    }
  })

  void t.test(`${name}: one statement without an answer is given up, and nobody else`, async (t) => {
    const { proxy, url: proxied } = await behindProxy(t, url)
    const database = openDatabase({ url: proxied, strategy: 'never' })
    t.teardown(() => database.close())
    const knex = await database.ready()
    const lost = outcome(knex.raw(subject.sleep(1)))
    await sleep(200)
    proxy.freeze()
    const trx = await knex.transaction()
    t.equal(await lost, 'connection-lost')
    t.equal(database.state.status, 'connected')
    t.same(await firstRow(trx, 'select 1 as one'), { one: 1 }, 'a transaction beside it lives on')
    await trx.commit()
  })
}
