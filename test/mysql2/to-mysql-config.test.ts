import { inspect } from 'node:util'
import { validateUrl, type ServerTarget } from 'failsoft'
import { toMysqlConfig } from 'failsoft/mysql2'
import { createPool } from 'mysql2/promise'
import t from 'tap'
import { change } from '../engine/server/open-engine.js'
import { startMariadb } from '../servers/mariadb.js'

function targetOf(url: string): ServerTarget {
  const read = validateUrl(url)
  if (!read.valid || read.target.dialect === 'sqlite') throw new Error(url)
  return read.target
}

const server = await startMariadb()
if ('skip' in server) void t.test('MariaDB', { skip: server.skip }, () => {})
else {
  t.teardown(() => server.remove())
  const { user, password, database, socket } = server

  void t.test('mysql2 connects with it', async (t) => {
    for (const url of [
      change(server.url, { query: '?sslmode=disable' }),
      `mysql://${user}:${password}@localhost/${database}?socket=${encodeURIComponent(socket)}`,
    ]) {
      const config = toMysqlConfig(targetOf(url))
      t.notMatch(`${inspect(config)}${JSON.stringify(config)}`, password)
      const pool = createPool(config)
      t.strictSame((await pool.query('select 1 as one'))[0], [{ one: 1 }])
      await pool.end()
    }
  })
}

void t.test('what plain options cannot say is named', async (t) => {
  const cases = {
    'mysql://app@db/shop': /prefer/,
    'mysql://app@a,b/shop?sslmode=disable': /hosts/,
    'mysql://app@db/shop?sslmode=disable&target_session_attrs=read-write': /target_session_attrs/,
    'mysql://app@db/shop?sslmode=disable&statement_timeout=1000': /statement_timeout/,
    'mysql://app@db/shop?sslmode=verify-ca&sslrootcert=/none.pem': /sslrootcert/,
    'postgres://app@db/shop': /MySQL/,
  }
  for (const [url, message] of Object.entries(cases))
    t.throws(() => toMysqlConfig(targetOf(url)), { name: 'TypeError', message })
})
