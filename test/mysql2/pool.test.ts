import { openPool } from 'failsoft/mysql2'
import mysql2 from 'mysql2'
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
}
