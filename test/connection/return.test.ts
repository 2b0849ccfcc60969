import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type LogEvent, type OpenOptions } from 'failsoft/knex'
import { clientOf } from '#lib/engine/knex-client.js'
import { fakeTime, turn } from './fake-time.js'

interface Fallen {
  readonly database: Database
  readonly events: LogEvent[]
  /** The knex of each engine that was prepared. */
  readonly prepared: Knex[]
  /** Lets the primary be made. */
  makeWay(): void
}

/** A database whose SQLite file could not be made, and that runs on its fallback. */
async function fallen(t: Test, options: OpenOptions = {}): Promise<Fallen> {
  const cwd = t.testdir({ inTheWay: 'a file' })
  const inTheWay = join(cwd, 'inTheWay')
  const events: LogEvent[] = []
  const prepared: Knex[] = []
  const database = openDatabase({
    env: { DATABASE_URL: `sqlite:${join(inTheWay, 'app.db')}` },
    strategy: 'always',
    cwd,
    log: (event) => events.push(event),
    ...options,
    prepare: async (knex) => {
      prepared.push(knex)
      await options.prepare?.(knex)
    },
  })
  t.teardown(() => database.close())
  t.match(await database.connect(), { status: 'fallback', generation: 1 })
  return { database, events, prepared, makeWay: () => rmSync(inTheWay) }
}

async function createTasks(knex: Knex): Promise<void> {
  await knex.schema.createTable('tasks', (table) => table.increments())
}

/** Waits, in real time, and lets what follows begin. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn()
  for (let turns = 0; turns < 5; turns++) await turn()
}

const returns = (events: readonly LogEvent[]): readonly LogEvent[] =>
  events.filter(({ event }) => event === 'return')

for (const { tables, want } of [
  { tables: [], want: 'returned to the primary; 0 tables of the fallback hold rows' },
  { tables: ['a'], want: 'returned to the primary; 1 table of the fallback holds rows' },
  { tables: ['a', 'b'], want: 'returned to the primary; 2 tables of the fallback hold rows' },
]) {
  t.test(want, async (t) => {
    const { database, events, prepared, makeWay } = await fallen(t)
    for (const name of tables) {
      await database.knex.schema.createTable(name, (table) => table.increments())
      await database.knex(name).insert({ id: 1 })
    }
    makeWay()
    const heard: string[] = []
    database.knex.on('query', ({ sql }: { sql: string }) => heard.push(sql))
    const reasons: unknown[] = []
    database.onStateChange(({ reason }) => reasons.push(reason))
    const [first, second] = await Promise.all([database.returnToPrimary(), database.returnToPrimary()])
    t.match(first, { status: 'connected', readOnly: false, generation: 2 })
    t.equal(first, second)
    t.same(reasons, [want])
    t.equal(prepared.length, 2, 'calls at the same time share one return')
    await t.rejects(Promise.resolve(prepared[0]?.raw('select 1')), 'the fallback is closed')
    await database.knex.raw('select 1 as listened')
    t.equal(heard.at(-1), 'select 1 as listened', 'listeners come along')
    t.equal(await database.returnToPrimary(), first, 'there is nothing to return from')
    t.same(returns(events), [])
    t.match(events.at(-1), { message: `The database went from fallback to connected: ${want}.` })
  })
}

t.test('a return that cannot be is told, and the next one is tried', async (t) => {
  const { database, events, prepared, makeWay } = await fallen(t)
  t.match(await database.returnToPrimary(), { status: 'fallback', generation: 1 })
  t.match(returns(events), [
    { level: 'warn', event: 'return', message: /^The database stays on its fallback\. .*app\.db/ },
  ])
  makeWay()
  const time = fakeTime(t)
  const pin = await database.pin()
  const returning = database.returnToPrimary()
  await until(() => prepared.length === 2)
  await time.pass(4999)
  t.equal(returns(events).length, 1, 'the pin is waited for')
  await time.pass(1)
  t.match(await returning, { status: 'fallback', generation: 1 })
  t.match(returns(events).at(-1), { message: /Work on the fallback did not end in time\.$/ })
  await prepared[1]?.raw('select 1')
  await pin.knex.raw('select 1')
  pin.release()
  t.match(await database.returnToPrimary(), { status: 'connected', generation: 2 })
})

t.test('a return that meets an error nobody can read is told like any other', async (t) => {
  const unreadable = new Proxy(new Error('unreadable'), {
    get: () => {
      throw new Error('it cannot be read')
    },
  })
  let hasFallen = false
  const { database, events, makeWay } = await fallen(t, {
    prepare: async () => {
      if (hasFallen) throw unreadable
    },
  })
  hasFallen = true
  makeWay()
  await until(() => returns(events).length > 0)
  t.match(returns(events)[0], { message: /stays on its fallback\. it cannot be read/ })
  t.match(await database.returnToPrimary(), { status: 'fallback' })
})

t.test('with nothing configured there is nothing to return to, and nothing to tell', async (t) => {
  const { database, events, prepared } = await fallen(t, { env: {} })
  const { state } = database
  t.equal(await database.returnToPrimary(), state)
  t.same(returns(events), [])
  t.equal(prepared.length, 1)
})

t.test('a transaction on the handle is waited for, within the bound', async (t) => {
  const { database, events, prepared, makeWay } = await fallen(t)
  makeWay()
  const trx = await database.knex.transaction()
  const time = fakeTime(t)
  const returning = database.returnToPrimary()
  await until(() => prepared.length === 2)
  await time.pass(5000)
  t.match(await returning, { status: 'fallback', generation: 1 })
  t.match(returns(events), [{ message: /did not end in time/ }])
  await trx.rollback()
  t.match(await database.returnToPrimary(), { status: 'connected', generation: 2 })
})

/** How many wait for the one writer of the fallback: the switch is one of them. */
function waiting({ knex }: Database): number {
  return (knex.client as { pool: { numPendingAcquires(): number } }).pool.numPendingAcquires()
}

/** A switch by hand, while a transaction on the fallback keeps the writer from what was asked after it. */
async function switchBehind(t: Test, ask: (database: Database) => Promise<unknown>): Promise<unknown> {
  const { database, makeWay } = await fallen(t, { prepare: createTasks })
  makeWay()
  const trx = await database.knex.transaction()
  const returning = database.returnToPrimary()
  await until(() => waiting(database) === 1)
  const asked = ask(database)
  await trx.commit()
  t.match(await returning, { status: 'connected', generation: 2 })
  await asked
  return await database.knex('tasks')
}

for (const [name, ask] of Object.entries<(database: Database) => Promise<unknown>>({
  'a statement': async ({ knex }) => knex('tasks').insert({ id: 1 }),
  'a raw statement': async ({ knex }) => knex.raw('insert into tasks (id) values (?)', [1]),
  'a query made of others': async ({ knex }) => knex('tasks').insert(knex.select(knex.raw('1'))),
  'a transaction on the handle': async ({ knex }) =>
    knex.transaction((trx) => trx('tasks').insert({ id: 1 })),
  'a transaction without a callback': async ({ knex }) => {
    const trx = await knex.transaction()
    await trx('tasks').insert({ id: 1 })
    await trx.commit()
  },
  'a transaction of the database': (database) =>
    database.transaction((trx) => trx('tasks').insert({ id: 1 })),
})) {
  t.test(`${name} that waited for the fallback goes on with the configured database`, async (t) => {
    t.same(await switchBehind(t, ask), [{ id: 1 }])
  })
}

t.test('what was kept of the fallback goes on until it is closed, a connection of it does not', async (t) => {
  const { database, makeWay } = await fallen(t, { prepare: createTasks })
  makeWay()
  const kept = await database.ready()
  const trx = await database.knex.transaction()
  const returning = database.returnToPrimary()
  await until(() => waiting(database) === 1)
  const refused = t.rejects((kept.client as { acquireConnection(): Promise<unknown> }).acquireConnection(), {
    code: 'connection-lost',
    hint: /Ask again/,
  })
  await trx.commit()
  await returning
  await refused
  await t.rejects(Promise.resolve(kept('tasks').insert({ id: 2 })), { code: 'connection-lost' })
  t.same(await database.knex('tasks'), [])
})

t.test('a return by itself that waited for work follows at once when the work has ended', async (t) => {
  const time = fakeTime(t)
  const { database, events, makeWay } = await fallen(t)
  const pins = [await database.pin(), await database.pin()]
  makeWay()
  for (let rounds = 0; rounds < 3; rounds++) {
    await time.pass(1000)
    // The wait for the pins: what is done before it takes as long as it takes.
    await until(() => time.left().includes(250))
    await time.pass(250)
  }
  await until(() => returns(events).length === 1)
  t.match(returns(events), [{ message: /did not end in time/ }], 'told once')
  const { now } = time
  for (const pin of pins) pin.release()
  await until(() => database.state.status === 'connected')
  t.equal(time.now, now)
})

t.test('what watched the fallback ends with it', async (t) => {
  const time = fakeTime(t)
  const { database, makeWay } = await fallen(t)
  t.same(time.left(), [1000, 5000])
  makeWay()
  t.match(await database.returnToPrimary(), { status: 'connected' })
  t.same(time.left(), [5000])
})

t.test('an answer of the fallback that comes after the return changes nothing', async (t) => {
  const { database, makeWay } = await fallen(t)
  makeWay()
  const changes: string[] = []
  database.onStateChange(({ to }) => changes.push(to))
  await Promise.all([database.check(), database.returnToPrimary(), database.check({ timeoutMs: 1 })])
  t.same(changes, ['connected'])
  t.match(database.state, { status: 'connected', generation: 2 })
})

t.test('a close ends a return that waits for a pin', async (t) => {
  const { database, prepared, makeWay } = await fallen(t)
  makeWay()
  fakeTime(t)
  const pin = await database.pin()
  const returning = database.returnToPrimary()
  await until(() => prepared.length === 2)
  const closing = database.close()
  pin.release()
  await Promise.all([returning, closing])
  t.equal(database.state.status, 'closed')
})

t.test(
  'a close while the configured database is prepared ends the return, and nothing is said to stay',
  async (t) => {
    let mayEnd = Promise.resolve()
    const { database, events, prepared, makeWay } = await fallen(t, { prepare: () => mayEnd })
    let end = (): void => {}
    mayEnd = new Promise((resolve) => (end = resolve))
    makeWay()
    const returning = database.returnToPrimary()
    await until(() => prepared.length === 2)
    const closing = database.close()
    await until(() => clientOf(prepared[1]!).pool === undefined)
    end()
    await Promise.all([returning, closing])
    t.same(returns(events), [])
  },
)

t.test('leases are given back when the work ends, and where there is no engine', async (t) => {
  const database = openDatabase({ env: { DATABASE_URL: 'sqlite::memory:' }, log: () => {} })
  t.equal(await database.transaction(async () => 7), 7)
  await t.rejects(
    database.transaction(async () => {
      throw new Error('no')
    }),
    { message: 'no' },
  )
  const time = fakeTime(t)
  const pin = await database.pin()
  let isClosed = false
  const closing = database.close().then(() => (isClosed = true))
  await t.rejects(database.pin(), { code: 'closed' })
  await time.pass(4999)
  t.notOk(isClosed, 'the pin is waited for')
  await pin.knex.raw('select 1')
  pin.release()
  await closing
  t.equal(time.now, 1_004_999)
})

t.test('a check says how long the answer took', async (t) => {
  const database = openDatabase({ env: { DATABASE_URL: 'sqlite::memory:' }, log: () => {} })
  t.teardown(() => database.close())
  await database.connect()
  fakeTime(t)
  const { status, checks } = await database.check()
  t.equal(status, 'pass')
  t.match(checks['database:responseTime'], [
    {
      componentType: 'datastore',
      status: 'pass',
      observedValue: 0,
      observedUnit: 'ms',
      time: /^\d{4}-\d\d-\d\dT/,
    },
  ])
})

t.test('a return that the fallback itself keeps from being made names the cause', async (t) => {
  const { database, events, makeWay } = await fallen(t, { returnToPrimary: 'manual' })
  const { state } = database
  if (state.status === 'fallback') rmSync(state.location.filename)
  makeWay()
  t.match(await database.returnToPrimary(), { status: 'fallback', generation: 1 })
  t.match(returns(events), [{ message: /was deleted or exchanged while it was open\.$/ }])
})

t.test('a file that a listener removes once it was left keeps nobody on it', async (t) => {
  const { database, events, makeWay } = await fallen(t, { returnToPrimary: 'manual' })
  const { state } = database
  database.onStateChange(() => state.status === 'fallback' && rmSync(state.location.filename))
  makeWay()
  t.match(await database.returnToPrimary(), { status: 'connected', generation: 2 })
  t.same(returns(events), [])
})
