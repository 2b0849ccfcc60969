import type { Knex } from 'knex'
import t from 'tap'
import { sqliteDrivers } from './drivers.js'
import { open } from './open.js'

const places = [
  { name: 'a file', options: {} },
  { name: 'memory', options: { filename: ':memory:' } },
]

/** Migrations in code. */
class Migrations implements Knex.MigrationSource<Knex.Migration & { name: string }> {
  readonly #migrations: (Knex.Migration & { name: string })[]
  constructor(migrations: (Knex.Migration & { name: string })[]) {
    this.#migrations = migrations
  }
  async getMigrations(): Promise<(Knex.Migration & { name: string })[]> {
    return this.#migrations
  }
  getMigrationName({ name }: { name: string }): string {
    return name
  }
  async getMigration(migration: Knex.Migration & { name: string }): Promise<Knex.Migration> {
    return migration
  }
}

const migrationSource = new Migrations([
  {
    name: '1',
    up: async (knex) => {
      await knex.schema.createTable('parents', (table) => table.increments('id'))
      await knex.schema.createTable('children', (table) => {
        table.increments('id')
        table.integer('parent').references('parents.id').onDelete('cascade')
        table.string('name')
      })
    },
    down: (knex) => knex.schema.dropTable('children').dropTable('parents'),
  },
  {
    name: '2',
    up: async (knex) => {
      await knex('parents').insert({ id: 1 })
      await knex('children').insert({ id: 1, parent: 1, name: 'a' })
    },
    down: async (knex) => void (await knex('parents').delete()),
  },
])

for (const { name: driver, skip } of sqliteDrivers) {
  for (const { name: place, options } of places) {
    void t.test(`${driver} in ${place}`, { skip }, async (t) => {
      await t.test('migrations go up and down', async (t) => {
        const knex = open(t, { driver, ...options })
        for (const disableTransactions of [false, true]) {
          const config = { migrationSource, disableTransactions }
          await knex.migrate.latest(config)
          t.same(await knex('children'), [{ id: 1, parent: 1, name: 'a' }])
          await knex.migrate.rollback(config, true)
          t.equal(await knex.schema.hasTable('parents'), false)
        }
      })

      await t.test('a migration that fails changes nothing', async (t) => {
        const knex = open(t, { driver, ...options })
        const failing = new Migrations([
          {
            name: 'fails',
            up: async (knex) => {
              await knex.schema.createTable('halfway', (table) => table.increments('id'))
              throw new Error('fails')
            },
          },
        ])
        await t.rejects(knex.migrate.latest({ migrationSource: failing }), { message: 'fails' })
        t.equal(await knex.schema.hasTable('halfway'), false)
      })

      await t.test('a table is rebuilt without losing its children', async (t) => {
        const knex = open(t, { driver, ...options })
        await knex.migrate.latest({ migrationSource })
        await knex.schema.alterTable('parents', (table) =>
          table.string('note').notNullable().defaultTo('none'),
        )
        await knex.schema.alterTable('parents', (table) => table.string('note').nullable().alter())
        await knex.schema.alterTable('children', (table) => table.renameColumn('name', 'title'))
        await knex.schema.alterTable('parents', (table) => table.dropColumn('note'))
        t.same(await knex('children'), [{ id: 1, parent: 1, title: 'a' }])
        t.same(await knex.raw('pragma foreign_keys'), [{ foreign_keys: 1 }])
        await t.rejects(knex('children').insert({ parent: 99 }), { code: /^SQLITE_CONSTRAINT/ })
        await knex('parents').delete()
        t.same(await knex('children'), [], 'the foreign key is still there')
      })

      await t.test('foreign keys are on again for whoever writes after a rebuild', async (t) => {
        const knex = open(t, { driver, ...options })
        await knex.schema.createTable('t', (table) => table.string('a'))
        const said: unknown[] = []
        const ask = async (trx: Knex.Transaction): Promise<void> =>
          void said.push(...(await trx.raw('pragma foreign_keys')))
        for (let round = 0; round < 20; round++) {
          const [from, to] = round % 2 ? (['b', 'a'] as const) : (['a', 'b'] as const)
          const rebuilding = knex.schema.alterTable('t', (table) => table.renameColumn(from, to))
          const unchecked = knex.transaction((trx) => trx('t').select(), { enforceForeignCheck: false })
          await Promise.all([rebuilding, unchecked, knex.transaction(ask), knex.transaction(ask)])
        }
        t.same(new Set(said.map((row) => (row as { foreign_keys: number }).foreign_keys)), new Set([1]))
      })

      await t.test('values come back as they went in', async (t) => {
        const knex = open(t, { driver, ...options })
        await knex.raw('create table v (id integer primary key, a)')
        const at = new Date('2026-01-02T03:04:05.678Z')
        const values = ['text', '', 1.5, -7, null, Buffer.from([0, 255]), true, at, 2 ** 53 - 1]
        await knex('v').insert(values.map((a, id) => ({ id, a: a as string })))
        const stored = ['text', '', 1.5, -7, null, Buffer.from([0, 255]), 1, at.valueOf(), 2 ** 53 - 1]
        t.same(await knex('v').orderBy('id').pluck('a'), stored)
        const [blob] = (await knex('v').where({ id: 5 }).pluck('a')) as unknown[]
        t.ok(Buffer.isBuffer(blob))
      })

      await t.test('what statements answer', async (t) => {
        const knex = open(t, { driver, ...options })
        await knex.schema.createTable('t', (table) => {
          table.increments('id')
          table.string('a').unique()
        })
        t.same(await knex('t').insert({ a: 'x' }), [1])
        t.same(await knex('t').insert({ a: 'y' }).returning('*'), [{ id: 2, a: 'y' }])
        t.same(await knex('t').insert({ a: 'x' }).onConflict('a').merge().returning('id'), [{ id: 1 }])
        t.equal(await knex('t').where({ id: 1 }).update({ a: 'z' }), 1)
        t.same(await knex('t').where({ id: 1 }).update({ a: 'w' }).returning('a'), [{ a: 'w' }])
        t.equal(await knex('t').where({ id: 2 }).delete(), 1)
        t.equal(await knex('t').where({ id: 2 }).delete(), 0)
        t.same(await knex('t').first(), { id: 1, a: 'w' })
        t.same(await knex('t').count({ count: '*' }), [{ count: 1 }])
        await knex.batchInsert('t', [{ a: 'b1' }, { a: 'b2' }], 1)
        t.equal((await knex.withUserParams({ some: 'thing' })('t')).length, 3)
        await knex.withUserParams({})('t').insert({ a: 'params' })
        await knex.withUserParams({}).transaction((trx) => trx('t').insert({ a: 'in a transaction' }))
        await knex('t').truncate()
        t.same(await knex('t'), [])
        await t.rejects(knex.raw(''), /empty/)
        await t.rejects(knex.raw('nonsense'), { code: 'SQLITE_ERROR' })
      })

      await t.test('rows can be streamed', async (t) => {
        const knex = open(t, { driver, ...options })
        await knex.schema.createTable('t', (table) => table.integer('a'))
        await knex('t').insert([{ a: 1 }, { a: 2 }])
        const rows: unknown[] = []
        for await (const row of knex('t').stream()) rows.push(row)
        for await (const row of knex.raw('insert into t values (3) returning a').stream()) rows.push(row)
        t.same(rows, [{ a: 1 }, { a: 2 }, { a: 3 }])
        t.equal((await knex('t')).length, 3)
      })
    })
  }
}
