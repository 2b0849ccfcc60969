import { inspect } from 'node:util'
import knex from 'knex'
import { Model } from 'objection'
import t, { type Test as TapTest } from 'tap'
import { createHandle } from '#lib/connection/handle.js'

class Task extends Model {
  static override tableName = 'tasks'
  declare id: number
  declare title: string
}

function memory(t: TapTest): knex.Knex {
  const engine = knex.default({
    client: 'sqlite3',
    connection: { filename: ':memory:' },
    useNullAsDefault: true,
    pool: { min: 1, max: 1 },
  })
  t.teardown(() => engine.destroy())
  return engine
}

async function withTasks(engine: knex.Knex, ...titles: string[]): Promise<knex.Knex> {
  await engine.schema.createTable('tasks', (table) => {
    table.increments()
    table.string('title')
  })
  for (const title of titles) await engine('tasks').insert({ title })
  return engine
}

t.test('without an engine, using the handle throws, and looking at it does not', async (t) => {
  const { knex: handle } = createHandle(() => {
    throw new Error('no engine')
  })
  for (const use of [
    () => handle('tasks'),
    () => handle.raw('select 1'),
    () => handle.schema,
    () => handle.transaction(),
    () => handle.migrate,
    () => handle.select(1),
    () => handle.client as unknown,
  ]) {
    t.throws(use, { message: 'no engine' })
  }
  t.equal(await (handle as unknown as Promise<unknown>), handle, 'it can be awaited')
  t.type(JSON.stringify({ handle }), 'string')
  t.type(inspect(handle), 'string')
  t.type(String(handle), 'string')
})

t.test('every use goes to the engine of the moment', async (t) => {
  const first = await withTasks(memory(t), 'one')
  const second = await withTasks(memory(t), 'two', 'three')
  let current = first
  const { knex: handle } = createHandle(() => current)
  const Bound = Task.bindKnex(handle)
  t.same(await handle('tasks').pluck('title'), ['one'])
  t.same(await Bound.query().resultSize(), 1)
  current = second
  t.same(await handle('tasks').pluck('title'), ['two', 'three'])
  t.same(await Bound.query().resultSize(), 2)
  t.same(await handle.transaction(async (trx) => await Task.query(trx).select('title').first()), {
    title: 'two',
  })
  t.equal(await handle.schema.hasTable('tasks'), true)
  t.match(await handle.raw('select count(*) as n from tasks'), [{ n: 2 }])
})

t.test('listeners stay through a change of engine', async (t) => {
  const [first, second] = [memory(t), memory(t)]
  let current = first
  const handle = createHandle(() => current)
  const seen: string[] = []
  handle.knex.on('query', ({ sql }: { sql: string }) => seen.push(sql))
  handle.follow(first)
  handle.follow(second)
  await handle.knex.raw('select 1')
  current = second
  await handle.knex.raw('select 2')
  t.same(seen, ['select 1', 'select 2'])
  handle.knex.removeAllListeners()
  await handle.knex.raw('select 3')
  t.equal(seen.length, 2)
})

t.test('a spy that is taken off leaves nothing behind', async (t) => {
  const [first, second] = [memory(t), memory(t)]
  let current = first
  const { knex: handle } = createHandle(() => current)
  const spy = (): string => 'spied'
  for (const put of [
    (value: unknown) => Reflect.set(handle, 'raw', value),
    (value: unknown) => Object.defineProperty(handle, 'raw', { value, configurable: true, writable: true }),
  ]) {
    current = first
    const before: unknown = handle.raw
    put(spy)
    t.equal(handle.raw, spy)
    put(before)
    current = second
    t.equal(handle.raw, second.raw, 'it follows the engine again')
  }
})

t.test('its life is not in the hands of who uses it', async (t) => {
  const { knex: handle } = createHandle(() => memory(t))
  const refusal = { name: 'TypeError', message: /use database\.close\(\)/ }
  t.throws(() => handle.destroy(), refusal)
  t.throws(() => handle.initialize(), refusal)
})
