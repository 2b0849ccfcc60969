import { execFileSync } from 'node:child_process'
import { errorMonitor, type EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPool } from 'failsoft/pg'
import pg from 'pg'
import t from 'tap'
import { countedNode } from '../plain-node.js'
import { poolCases } from './pool-cases.js'
import { postgresFamily } from './pool-family.js'

const family = await postgresFamily(t)
poolCases(t, family)

void t.test('it is a pool of pg, in every form', async (t) => {
  const { pool, close } = bound(openPool({ url: family.url, log: () => {} }))
  t.teardown(close)
  t.ok(pool instanceof pg.Pool)
  const client = await pool.connect()
  t.ok(client instanceof pg.Client)
  client.release()
  t.throws(() => client.release(), /already been released/)
  const calledBack = await new Promise<number>((resolve, reject) => {
    pool.connect((error, known, release) => {
      if (error || !known) return reject(error)
      known.query('select 2 as two', (_error, { rows }) => {
        release()
        resolve((rows as { two: number }[])[0]!.two)
      })
    })
  })
  t.equal(calledBack, 2)
  const queried = new Promise((resolve) => {
    pool.query('select $1::int as three', [3], (_error, { rows }) => resolve(rows))
  })
  t.strictSame(await queried, [{ three: 3 }])
  await t.rejects(pool.query('select nothing from nowhere'), { code: '42P01' }, 'the error is that of pg')
  t.strictSame([pool.idleCount, pool.waitingCount], [pool.totalCount, 0])
  await new Promise<void>((resolve) => pool.end(() => resolve()))
  const refused = new Promise((resolve) => pool.connect((error, known) => resolve([error, known])))
  t.match(await refused, [{ code: 'closed' }, undefined])
})

type Ask = (pool: pg.Pool) => unknown

/** An answer by callback, as a promise. */
const called = (
  ask: (pool: pg.Pool, done: (error: Error | undefined, result: unknown) => void) => unknown,
): Ask => {
  return async (pool) =>
    new Promise((resolve, reject) => {
      ask(pool, (error, result) => (error ? reject(error) : resolve(result)))
    })
}

const asked: readonly { readonly name: string; readonly ask: Ask }[] = [
  { name: 'a text', ask: (pool) => pool.query('select 1 as n') },
  { name: 'a text with values', ask: (pool) => pool.query('select $1::int as n', [1]) },
  {
    name: 'settings',
    ask: (pool) => pool.query({ text: 'select $1::int as n', values: [1], rowMode: 'array' }),
  },
  { name: 'settings with a name', ask: (pool) => pool.query({ name: 'one', text: 'select 1 as n' }) },
  { name: 'settings, and values beside', ask: (pool) => pool.query({ text: 'select $1::int as n' }, [1]) },
  { name: 'several statements', ask: (pool) => pool.query('select 1 as n; select 2 as n') },
  { name: 'a callback', ask: called((pool, done) => pool.query('select 1 as n', done)) },
  { name: 'a callback after values', ask: called((pool, done) => pool.query('select $1::int', [1], done)) },
  { name: 'a callback that gets an error', ask: called((pool, done) => pool.query('select nothing', done)) },
  { name: 'a statement that fails', ask: (pool) => pool.query('select * from nowhere') },
  { name: 'a value that cannot be sent', ask: (pool) => pool.query('select $1::int', [circle()]) },
  { name: 'nothing', ask: (pool) => pool.query(undefined as never) },
  { name: 'null', ask: (pool) => pool.query(null as never) },
  { name: 'values that are no list', ask: (pool) => pool.query('select $1::int', 1 as never) },
  { name: 'a function', ask: (pool) => pool.query((() => undefined) as never) },
  { name: 'a backend that ends', ask: (pool) => pool.query('select pg_terminate_backend(pg_backend_pid())') },
]

function circle(): object {
  const self: Record<string, unknown> = {}
  return (self['self'] = self)
}

void t.test('it answers as the pool of pg does, whatever it is asked with', async (t) => {
  const { pool, close } = bound(openPool({ url: family.url, log: () => {} }))
  t.teardown(close)
  const plain = new pg.Pool({ connectionString: family.url }).on('error', () => undefined)
  t.teardown(() => plain.end())
  for (const { name, ask } of asked) {
    const outcome = async (of: pg.Pool): Promise<unknown> => {
      const answer = await (async () => ask(of))().then(
        (result: unknown = null) => JSON.parse(JSON.stringify(result)) as unknown,
        ({ message, code, stack }: Error & { code?: string }) => ({
          message,
          code,
          isOfCaller: String(stack).includes('pool.test'),
        }),
      )
      const { rows } = await of.query('select 1 as next')
      return [answer, rows]
    }
    t.strictSame(await outcome(pool), await outcome(plain), name)
  }
  // None is kept; the watch may have one.
  while (pool.idleCount < pool.totalCount) await sleep(10)
})

void t.test('a query goes by what a program or a tracer puts in place of the methods of pg', async (t) => {
  const { pool, close } = bound(openPool({ url: family.url, log: () => {} }))
  t.teardown(close)
  const calls: string[] = []
  for (const [name, of] of [
    ['query', pg.Pool.prototype],
    ['connect', pool],
  ] as const) {
    const method = of[name] as (...args: unknown[]) => unknown
    const traced = function (this: unknown, ...args: unknown[]): unknown {
      calls.push(name)
      return method.apply(this, args)
    }
    Object.assign(of, { [name]: traced })
    // Neither has it as its own: what it inherits is seen again.
    t.teardown(() => Reflect.deleteProperty(of, name))
  }
  await pool.query('select 1')
  t.strictSame(calls, ['query', 'connect'])
})

void t.test('who watches the errors of a client hears of one that nobody listens for', async (t) => {
  const { pool, close } = bound(openPool({ url: family.url, log: () => {} }))
  t.teardown(close)
  const client = await pool.connect()
  const watched: EventEmitter = client
  const seen: string[] = []
  watched.on(errorMonitor, ({ message }: Error) => seen.push(message))
  watched.emit('error', new Error('seen'))
  client.release()
  t.strictSame(seen, ['seen'])
})

void t.test('its classes have the names of those of pg, by which libraries know them', async (t) => {
  const { pool, close } = bound(openPool({ url: family.url, log: () => {} }))
  t.teardown(close)
  const plain = new pg.Pool({ connectionString: family.url })
  t.teardown(() => plain.end())
  const names = async (of: pg.Pool): Promise<string[]> => {
    const client = await of.connect()
    client.release()
    return [of.constructor.name, client.constructor.name]
  }
  t.strictSame(await names(pool), await names(plain))
})

const throwers = [
  { name: 'a statement that failed', code: `client.query('select nothing', fail)` },
  { name: 'a statement that was answered', code: `client.query('select 1', fail)` },
  {
    name: 'a notice',
    code: `client.on('notice', fail).query("do $$ begin raise notice 'seen'; end $$")`,
  },
  {
    name: 'a notification',
    code: `client.on('notification', fail).query('listen seen; notify seen')`,
  },
]

void t.test('what a program throws is its own, and the client goes on', async (t) => {
  for (const { name, code } of throwers) {
    const program = `
      import { openPool } from 'failsoft/pg'
      const database = openPool({ url: ${JSON.stringify(family.url)}, log: () => {} })
      const client = await database.pool.connect()
      const thrown = new Promise((resolve) => process.once('uncaughtException', resolve))
      const fail = () => { throw new Error('of the program') }
      ${code}
      console.log((await thrown).message)
      console.log((await client.query('select 2 as two')).rows)
      client.release()
      await database.close()`
    const said = execFileSync(...countedNode('--input-type=module', '--eval', program), { encoding: 'utf8' })
    t.equal(said, 'of the program\n[ { two: 2 } ]\n', name)
  }
})

void t.test('an orderly end is no error, to the pool or to a client', async (t) => {
  for (const end of ['close', 'end'] as const) {
    const database = openPool({ url: family.url, log: () => {} })
    const { pool } = database
    const errors: string[] = []
    pool.on('error', ({ message }) => errors.push(message))
    pool.on('connect', (client) => client.on('error', ({ message }) => errors.push(message)))
    await Promise.all([1, 2, 3].map(() => pool.query('select pg_sleep(0.05)')))
    await (end === 'close' ? database.close() : pool.end())
    // The sockets close after it.
    await new Promise((resolve) => setTimeout(resolve, 50))
    t.strictSame(errors, [], end)
  }
})

void t.test('a pool that is taken for options is said, before and after it connects', async (t) => {
  const database = openPool({ url: family.url, log: () => {} })
  t.teardown(() => database.close())
  for (const status of ['idle', 'connected'] as const) {
    t.equal(database.state.status, status)
    const copy = new pg.Pool(database.pool as object)
    await t.rejects(async () => copy.query('select 1'), { name: 'TypeError', message: /another copy of pg/ })
    await database.connect()
  }
})

function bound(database: ReturnType<typeof openPool>): { pool: pg.Pool; close: () => Promise<void> } {
  return { pool: database.pool, close: () => database.close() }
}
