import t from 'tap'
import { sqliteDrivers } from './drivers.js'
import { open } from './open.js'

const driver = 'node:sqlite'
const skip = sqliteDrivers.find(({ name }) => name === driver)?.skip ?? false

void t.test('node:sqlite', { skip }, async (t) => {
  await t.test('an integer too large for a number is read as text, not as another number', async (t) => {
    const knex = open(t, { driver })
    await knex.raw('create table t (id integer primary key, a integer)')
    await knex.raw('insert into t values (1, 9007199254740993), (2, 5)')
    t.same(await knex('t').orderBy('id').pluck('a'), ['9007199254740993', 5])
    t.same(await knex.raw('with x as (select a from t) select max(a) as a from x'), [
      { a: '9007199254740993' },
    ])
  })

  await t.test('a statement that writes and answers with such an integer runs once', async (t) => {
    const knex = open(t, { driver })
    await knex.raw('create table t (a integer)')
    const big = 9007199254740993n
    t.same(
      await knex('t')
        .insert({ a: big as unknown as number })
        .returning('a'),
      [{ a: String(big) }],
    )
    t.same(await knex('t').count({ count: '*' }), [{ count: 1 }])
  })

  await t.test('rows are plain objects, and errors have the codes of the other drivers', async (t) => {
    const knex = open(t, { driver })
    await knex.raw('create table p (id integer primary key, a text not null unique, b integer check (b > 0))')
    await knex.raw('create table c (p integer references p (id))')
    await knex.raw(
      "create trigger refuse before insert on p when new.a = 'trigger' begin select raise(abort, 'no'); end",
    )
    await knex('p').insert({ id: 1, a: 'x' })
    t.equal(Object.getPrototypeOf(await knex('p').first()), Object.prototype)
    const failing = [
      { query: knex('p').insert({ a: 'x' }), code: 'SQLITE_CONSTRAINT_UNIQUE' },
      { query: knex('p').insert({ id: 1, a: 'y' }), code: 'SQLITE_CONSTRAINT_PRIMARYKEY' },
      { query: knex('p').insert({ a: null }), code: 'SQLITE_CONSTRAINT_NOTNULL' },
      { query: knex('p').insert({ a: 'z', b: 0 }), code: 'SQLITE_CONSTRAINT_CHECK' },
      { query: knex('c').insert({ p: 9 }), code: 'SQLITE_CONSTRAINT_FOREIGNKEY' },
      { query: knex.raw('select * from absent'), code: 'SQLITE_ERROR' },
      { query: knex.raw('select abs(-9223372036854775808)'), code: 'SQLITE_ERROR' },
      { query: knex('p').insert({ a: 'trigger' }), code: 'SQLITE_CONSTRAINT' },
      { query: knex('p').insert({ a: Symbol('no') as unknown as string }), code: 'ERR_INVALID_ARG_TYPE' },
    ]
    for (const { query, code } of failing) await t.rejects(Promise.resolve(query), { code })
  })
})
