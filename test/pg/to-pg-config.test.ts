import { inspect } from 'node:util'
import { validateUrl, type ServerTarget } from 'failsoft'
import { toPgConfig } from 'failsoft/pg'
import pg from 'pg'
import t from 'tap'
import { refusedPort } from '../servers/refused-port.js'
import { startPostgres } from '../servers/postgres.js'

const server = await startPostgres()
t.teardown(() => server.remove())
const misleading = {
  PGHOST: '192.0.2.1',
  PGPORT: '1',
  PGUSER: 'x',
  PGPASSWORD: 'x',
  PGDATABASE: 'x',
  PGSSLMODE: 'verify-full',
}

function targetOf(url: string): ServerTarget {
  const read = validateUrl(url)
  if (!read.valid || read.target.dialect === 'sqlite') throw new Error(url)
  return read.target
}

const { user, password, host, port, database } = server
const dead = refusedPort
const cases: Readonly<Record<string, string>> = {
  plain: `postgres://${user}:${password}@${host}:${port}/${database}?sslmode=disable`,
  'without a mode': server.url,
  'a list of hosts': `postgres://${user}:${password}@${host}:${dead},${host}:${port}/${database}?target_session_attrs=read-write`,
}

for (const [name, url] of Object.entries(cases)) {
  void t.test(`${name}: pg connects, whatever the environment says`, async (t) => {
    Object.assign(process.env, misleading)
    t.teardown(() => Object.keys(misleading).forEach((each) => delete process.env[each]))
    const config = toPgConfig(targetOf(url))
    t.equal('Client' in config, name !== 'plain')
    t.notMatch(`${inspect(config)}${JSON.stringify(config)}`, password)
    const pool = new pg.Pool({ ...config, max: 2 })
    t.strictSame((await pool.query('select current_user as name')).rows, [{ name: user }])
    await pool.end()
    const client = new ((config.Client ?? pg.Client) as typeof pg.Client)(config)
    await client.connect()
    t.strictSame((await client.query('select 1 as one')).rows, [{ one: 1 }])
    await client.end()
  })
}

void t.test('what cannot be used is a TypeError', async (t) => {
  t.throws(() => toPgConfig(targetOf('mysql://app@db/shop')), TypeError)
  t.throws(
    () => toPgConfig(targetOf('postgres://app@db/shop?sslmode=verify-full&sslrootcert=/none.pem')),
    TypeError,
  )
})
