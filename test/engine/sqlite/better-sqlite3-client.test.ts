import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { clientOf } from '#lib/engine/knex-client.js'
import { sqliteDrivers } from './drivers.js'
import { open } from './open.js'

const skip = sqliteDrivers.find(({ name }) => name === 'better-sqlite3')?.skip ?? false
const inMemory = { driver: 'better-sqlite3', filename: ':memory:' } as const

type Preparer = { prepare(sql: string): unknown }

/** A database on one connection, and the texts that this connection has prepared. */
async function watched(t: Test): Promise<{ knex: Knex; prepared: string[] }> {
  const knex = open(t, inMemory)
  await knex.schema.createTable('notes', (table) => {
    table.increments('id')
    table.string('text').unique()
  })
  await knex('notes').insert([{ text: 'a' }, { text: 'b' }])
  const client = clientOf(knex)
  const connection = (await client.acquireConnection()) as Preparer
  const prepare = connection.prepare.bind(connection)
  const prepared: string[] = []
  connection.prepare = (sql) => {
    prepared.push(sql)
    return prepare(sql)
  }
  await client.releaseConnection(connection as object)
  return { knex, prepared }
}

void t.test('a statement is prepared once, whatever its values are', { skip }, async (t) => {
  const { knex, prepared } = await watched(t)
  for (const id of [1, 2, 3]) t.equal((await knex('notes').where({ id })).length, id < 3 ? 1 : 0)
  for (const text of ['c', 'd']) await knex('notes').insert({ text })
  t.equal(prepared.length, 2, prepared.join('\n'))
})

void t.test('a statement that failed can run again', { skip }, async (t) => {
  const { knex, prepared } = await watched(t)
  const add = async (text: string) => knex('notes').insert({ text })
  await t.rejects(add('a'), { code: 'SQLITE_CONSTRAINT_UNIQUE' })
  await add('c')
  await t.rejects(add('c'), { code: 'SQLITE_CONSTRAINT_UNIQUE' })
  t.strictSame(await knex('notes').pluck<string[]>('text').orderBy('id'), ['a', 'b', 'c'])
  t.equal(prepared.filter((sql) => sql.startsWith('insert')).length, 1)
})

void t.test('a statement sees a schema that has changed since', { skip }, async (t) => {
  const { knex } = await watched(t)
  const first = async () => (await knex('notes').where({ id: 1 }).first<object>()) as unknown
  t.strictSame(await first(), { id: 1, text: 'a' })
  await knex.schema.alterTable('notes', (table) => table.string('colour').defaultTo('red'))
  t.strictSame(await first(), { id: 1, text: 'a', colour: 'red' })
  await knex.schema.alterTable('notes', (table) => table.dropColumn('text'))
  t.strictSame(await first(), { id: 1, colour: 'red' })
  await knex.schema.dropTable('notes')
  await t.rejects(first(), { message: /no such table: notes/ })
  await knex.schema.createTable('notes', (table) => table.increments('id'))
  await knex('notes').insert({ id: 1 })
  t.strictSame(await first(), { id: 1 })
})

void t.test('a statement sees what another connection has done to the schema', { skip }, async (t) => {
  const knex = open(t, { driver: 'better-sqlite3' })
  await knex.schema.createTable('notes', (table) => table.increments('id'))
  await knex('notes').insert({ id: 1 })
  t.strictSame(await knex('notes'), [{ id: 1 }], 'read on the connection for reading')
  await knex.schema.alterTable('notes', (table) => table.integer('size').defaultTo(7))
  t.strictSame(await knex('notes'), [{ id: 1, size: 7 }])
})

void t.test('how one query wants its integers is not what the next one gets', { skip }, async (t) => {
  const { knex } = await watched(t)
  const count = async (options: object) => knex('notes').count({ n: '*' }).options(options)
  t.strictSame(await count({}), [{ n: 2 }])
  t.strictSame(await count({ safeIntegers: true }), [{ n: 2n }])
  t.strictSame(await count({}), [{ n: 2 }])
})

void t.test('what takes effect while it is prepared is prepared each time', { skip }, async (t) => {
  const { knex, prepared } = await watched(t)
  for (const value of [0, 1, 0]) {
    await knex.raw(`PRAGMA foreign_keys = ${value}`)
    t.strictSame(await knex.raw('PRAGMA foreign_keys'), [{ foreign_keys: value }])
  }
  t.equal(prepared.length, 6)
})

void t.test('the oldest statement goes when there are too many', { skip }, async (t) => {
  const { knex, prepared } = await watched(t)
  const ask = async (value: number) => knex.raw(`select ${value} as value`)
  for (let value = 0; value < 100; value++) await ask(value)
  await ask(0)
  t.equal(prepared.length, 100, 'a hundred are kept')
  await ask(100)
  await ask(1)
  t.equal(prepared.length, 101, 'the second is still there')
  t.strictSame(await ask(0), [{ value: 0 }])
  t.equal(prepared.length, 102, 'the first had gone')
})

void t.test('a very long statement is not kept', { skip }, async (t) => {
  const { knex, prepared } = await watched(t)
  const value = 'x'.repeat(4_000)
  for (let count = 0; count < 2; count++)
    t.strictSame(await knex.raw(`select '${value}' as value`), [{ value }])
  t.equal(prepared.length, 2)
})
