import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { clientOf } from '#lib/engine/knex-client.js'
import { sqliteDrivers } from './drivers.js'
import { open } from './open.js'

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(`a database in memory never vanishes: ${driver}`, { skip }, async (t) => {
    await t.test('when it is idle for longer than a pool keeps connections', async (t) => {
      const knex = open(t, { driver, filename: ':memory:' })
      const pool = clientOf(knex).pool as unknown as {
        idleTimeoutMillis: number
        check(): void
        numFree(): number
      }
      await knex.schema.createTable('t', (table) => table.integer('a'))
      await knex('t').insert({ a: 1 })
      pool.idleTimeoutMillis = 1
      await delay(10)
      pool.check()
      t.equal(pool.numFree(), 1)
      t.same(await knex('t'), [{ a: 1 }])
    })

    await t.test('when a query of it times out', async (t) => {
      const knex = open(t, { driver, filename: ':memory:' })
      await knex.schema.createTable('t', (table) => table.integer('a'))
      await knex('t').insert({ a: 1 })
      const slow = knex.raw(
        'with recursive n(i) as (select 1 union all select i + 1 from n where i < 300000) select max(i) as i from n',
      )
      // knex drops the connection of a query that it no longer waits for.
      await slow.timeout(1).catch((error: Error) => t.equal(error.name, 'KnexTimeoutError'))
      t.same(await knex('t'), [{ a: 1 }])
    })

    await t.test('when a transaction fails', async (t) => {
      const knex = open(t, { driver, filename: ':memory:' })
      await knex.raw('create table parent (id integer primary key)')
      await knex.raw(
        'create table child (parent integer references parent (id) deferrable initially deferred)',
      )
      await knex('parent').insert({ id: 1 })
      await t.rejects(knex.transaction((trx) => trx('child').insert({ parent: 2 })))
      await t.rejects(knex.transaction((trx) => trx('absent').insert({ a: 1 })))
      t.same(await knex('parent'), [{ id: 1 }])
      t.same(await knex('child'), [])
    })

    await t.test('and is one for everybody who asks at once', async (t) => {
      const knex = open(t, { driver, filename: ':memory:' })
      await knex.schema.createTable('t', (table) => table.integer('a'))
      await Promise.all(
        Array.from({ length: 50 }, (_, a) =>
          a % 2 ? knex('t').insert({ a }) : knex.transaction((trx) => trx('t').insert({ a })),
        ),
      )
      t.match(await knex('t').count({ count: '*' }), [{ count: 50 }])
    })
  })
}
