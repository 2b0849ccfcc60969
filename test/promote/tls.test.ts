import t from 'tap'
import { makeAuthority } from '../servers/certificates.js'
import { startPostgres } from '../servers/postgres.js'
import { openUrl, promote, rowsIn, standInWith } from './places.js'

void t.test('rows arrive over TLS', async (t) => {
  const authority = makeAuthority()
  t.teardown(() => authority.remove())
  const certificate = authority.issue('localhost', 'DNS:localhost')
  const server = await startPostgres({
    tls: { certificate, authority },
    hba: ['local all all trust', 'hostssl all all all scram-sha-256'],
  })
  t.teardown(() => server.remove())
  const url = server.url.replace('127.0.0.1', 'localhost')
  const primary = openUrl(t, `${url}?sslmode=verify-full&sslrootcert=${authority.ca}`)
  const tables = ['create table notes (id integer primary key, body text)']
  for (const sql of tables) await primary.raw(sql)
  const standIn = await standInWith(t, [
    ...tables,
    `insert into notes with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000) select i, 'note ' || i || char(10) from n`,
  ])
  const done = { done: true, differences: [], problem: undefined }
  t.match(await promote(standIn, { dialect: 'postgres', primary }), { ...done, rows: 5000 })
  t.strictSame(await rowsIn(primary, `select ssl from pg_stat_ssl where pid = pg_backend_pid()`), [
    { ssl: true },
  ])
  await standIn.raw(`update notes set body = 'changed' where id = 4711`)
  t.match(await promote(standIn, { dialect: 'postgres', primary }), { ...done, rows: 1 })
})
