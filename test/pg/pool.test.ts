import { openPool } from 'failsoft/pg'
import pg from 'pg'
import t from 'tap'
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
