import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { IdleClients, type PoolOfIdle } from '#lib/engine/postgres/idle-clients.js'
import { startPostgres } from '../../servers/postgres.js'

const server = await startPostgres()
t.teardown(() => server.remove())

const idleTimeoutMillis = 50

void t.test('who rests too long is ended, but for the least that are to be kept', async (t) => {
  const { pool, idle, rest } = await opened(t, 1)
  idle.look()
  t.equal(pool.totalCount, 3, 'seen at rest for the first time')
  await rest()
  idle.look()
  t.equal(pool.totalCount, 1)
  t.same((await pool.query('select 1 as one')).rows, [{ one: 1 }])
})

void t.test('who was used since, or is in use, is kept', async (t) => {
  const { pool, idle, rest } = await opened(t, 0)
  const held = await pool.connect()
  idle.look()
  await rest()
  await pool.query('select 1')
  idle.look()
  t.equal(pool.totalCount, 2, 'the one that is held, and the one that was asked')
  t.same((await held.query('select 1 as one')).rows, [{ one: 1 }])
  held.release()
  await rest()
  idle.look()
  await rest()
  idle.look()
  t.equal(pool.totalCount, 0)
})

/** Three connections of a pool that ends none of them by itself. */
async function opened(t: { teardown(end: () => Promise<void>): void }, min: number) {
  const pool = new pg.Pool({ connectionString: server.url, max: 3, idleTimeoutMillis: 0 })
  t.teardown(() => pool.end())
  const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()])
  for (const client of clients) client.release()
  const idle = new IdleClients(pool as unknown as PoolOfIdle, { min, idleTimeoutMillis })
  return { pool, idle, rest: () => sleep(idleTimeoutMillis + 10) }
}
