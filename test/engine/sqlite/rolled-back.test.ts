import type { Knex } from 'knex'
import t from 'tap'
import { sqliteDrivers } from './drivers.js'
import { open } from './open.js'

/** What became of a promise, for comparing. */
async function outcome(promise: PromiseLike<unknown>): Promise<unknown> {
  return await Promise.resolve(promise).catch((error: unknown) => error)
}

const rollingBack: readonly { name: string; table: string; trigger?: string; twice: string }[] = [
  {
    name: 'INSERT OR ROLLBACK',
    table: 'create table item (id integer primary key)',
    twice: 'insert or rollback into item values (1)',
  },
  {
    name: 'a constraint ON CONFLICT ROLLBACK',
    table: 'create table item (id integer primary key on conflict rollback)',
    twice: 'insert into item values (1)',
  },
  {
    name: 'a trigger that raises ROLLBACK',
    table: 'create table item (id integer primary key)',
    trigger:
      "create trigger refuse before insert on item when new.id = 1 begin select raise(rollback, 'no'); end",
    twice: 'insert into item values (1)',
  },
]
for (const { name: driver, skip } of sqliteDrivers) {
  for (const { name, table, trigger, twice } of rollingBack) {
    void t.test(`${name} on ${driver} keeps nothing of its transaction`, { skip }, async (t) => {
      const knex = open(t, { driver })
      await knex.raw(table)
      await knex('item').insert({ id: 1 })
      if (trigger) await knex.raw(trigger)
      const plainly = async (trx: Knex.Transaction): Promise<unknown> => await outcome(trx.raw(twice))
      const nested = async (trx: Knex.Transaction): Promise<unknown> =>
        await outcome(trx.transaction(async (inner) => await inner.raw(twice)))
      for (const insertTwice of [plainly, nested]) {
        const error = await outcome(
          knex.transaction(async (trx) => {
            await trx('item').insert({ id: 2 })
            t.match(await insertTwice(trx), { code: /^SQLITE_CONSTRAINT/ })
            t.match(await outcome(trx('item').insert({ id: 3 })), { message: /already complete/ })
          }),
        )
        t.match(error, { code: 'query-failed', cause: { code: /^SQLITE_CONSTRAINT/ } })
        t.same(await knex('item').pluck('id'), [1])
      }
    })
  }

  void t.test(`a constraint on ${driver} ends no transaction by itself`, { skip }, async (t) => {
    const knex = open(t, { driver })
    await knex.raw('create table item (id integer primary key)')
    await knex.transaction(async (trx) => {
      await trx('item').insert({ id: 1 })
      t.match(await outcome(trx('item').insert({ id: 1 })), { code: /^SQLITE_CONSTRAINT/ })
      await trx('item').insert({ id: 2 })
    })
    t.same(await knex('item').pluck('id'), [1, 2])
  })

  void t.test(`a transaction on ${driver} names what it was rejected with`, { skip }, async (t) => {
    const rejected = open(t, { driver }).transaction(() => Promise.reject(null))
    t.match(await outcome(rejected), { message: /non-error: null/ })
  })
}
