import { openPool } from 'failsoft/mysql2'
import mysql2 from 'mysql2'
import type { Pool } from 'mysql2/promise'
import t from 'tap'
import { poolCases } from '../pg/pool-cases.js'
import { mariadbFamily } from '../pg/pool-family.js'

const family = await mariadbFamily(t)

if ('skip' in family) void t.test('MariaDB', { skip: family.skip }, () => {})
else {
  poolCases(t, family)

  void t.test('it is a pool of mysql2, in every form', async (t) => {
    const database = openPool({ url: family.url, log: () => {} })
    t.teardown(() => database.close())
    const { pool } = database
    const core = pool.pool
    const plain = mysql2.createPool({}).promise()
    t.equal(pool.constructor, plain.constructor)
    t.strictSame((await pool.execute('select ? as two', [2]))[0], [{ two: 2 }])
    await t.rejects(pool.query('select nothing from nowhere'), { code: 'ER_NO_SUCH_TABLE' })
    const calledBack = new Promise((resolve) =>
      core.query('select 3 as three', (_error, rows) => resolve(rows)),
    )
    t.strictSame(await calledBack, [{ three: 3 }])
    await new Promise<void>((resolve) => core.end(() => resolve()))
    t.equal(database.state.status, 'closed')
    core.end()
  })

  const plain = mysql2.createPool({ uri: family.url, connectionLimit: 1 }).promise()
  t.teardown(() => plain.end())

  for (const { name, ask } of [
    { name: 'the names of its classes', ask: classNames },
    { name: 'that somebody waits', ask: waiting },
    { name: 'how texts compare', ask: comparisons },
  ])
    void t.test(`like a plain pool it says ${name}`, async (t) => {
      const database = openPool({ url: family.url, log: () => {}, pool: { max: 1 } })
      t.teardown(() => database.close())
      t.strictSame(await ask(database.pool), await ask(plain))
    })
}

async function classNames(pool: Pool): Promise<string[]> {
  const connection = await pool.getConnection()
  connection.release()
  return [pool, pool.pool, connection, connection.connection].map((each) => each.constructor.name)
}

/** Of three who ask at once, where there is one connection. */
async function waiting(pool: Pool): Promise<number> {
  await pool.query('select 1')
  let count = 0
  pool.on('enqueue', () => count++)
  await Promise.all([1, 2, 3].map(() => pool.query('select sleep(0.01)')))
  return count
}

async function comparisons(pool: Pool): Promise<unknown> {
  const [rows] = await pool.query(`select 'ß' = 'ss' as a, @@collation_connection as b`)
  return rows
}
