import { join } from 'node:path'
import { inspect } from 'node:util'
import t from 'tap'
import { createEngine } from 'failsoft/knex'
import { clientOf } from '#lib/engine/knex-client.js'
import { makeAuthority, replaceCertificate } from '../../servers/certificates.js'
import { startMariadb } from '../../servers/mariadb.js'
import { change, firstRow, openEngine, targetOf } from './open-engine.js'
import { outcomes } from './tls-modes.js'

const authority = makeAuthority()
t.teardown(() => authority.remove())
const certificates = {
  good: authority.issue('localhost', 'DNS:localhost'),
  'wrong name': authority.issue('db.example.com', 'DNS:db.example.com'),
  'self-signed': authority.selfSign('localhost', 'DNS:localhost'),
  address: authority.issue('127.0.0.1', 'IP:127.0.0.1'),
}
const place = authority.issue('place')
const withTls = [`--ssl-ca=${authority.ca}`, `--ssl-cert=${place.cert}`, `--ssl-key=${place.key}`]
replaceCertificate(place, certificates.good)
const started = await startMariadb({ flags: withTls })
if ('skip' in started) {
  t.pass(started.skip, { skip: started.skip })
  process.exit()
}
const server = started
t.teardown(() => server.remove())

async function run(...statements: string[]): Promise<void> {
  const admin = openEngine(t, change(server.url, { query: 'sslmode=disable' }), { pool: { max: 1 } })
  for (const sql of statements) await admin.knex.raw(sql)
  await admin.close()
}
const login = `identified by '${server.password}'`
await run(
  `create user tls_only@'%' ${login} require ssl`,
  `create user certified@'%' ${login} require subject '/CN=certified'`,
)

async function outcomeOf(url: string): Promise<string> {
  const made = createEngine(targetOf(url))
  if (!made.ok) return made.problem.code
  try {
    const { Value } = await firstRow(made.engine.knex, "show session status like 'Ssl_cipher'")
    return Value === '' ? 'plain' : 'TLS'
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await made.engine.close()
  }
}

async function use(certificate: keyof typeof certificates): Promise<void> {
  replaceCertificate(place, certificates[certificate])
  await run('flush ssl')
}

const rows = [
  //                                                                         (none)   disable  allow  prefer require require+ca  verify-ca   verify-full
  { name: 'a good certificate', certificate: 'good', want: 'TLS plain plain TLS TLS TLS TLS TLS' },
  {
    name: 'a certificate of another name',
    certificate: 'wrong name',
    want: 'TLS plain plain TLS TLS TLS TLS untrusted',
  },
  {
    name: 'a certificate that nobody vouches for',
    certificate: 'self-signed',
    want: 'TLS plain plain TLS TLS untrusted untrusted untrusted',
  },
  {
    name: 'an address, and a certificate of a name',
    certificate: 'good',
    host: '127.0.0.1',
    want: 'TLS plain plain TLS TLS TLS TLS untrusted',
  },
  {
    name: 'an address, and its certificate',
    certificate: 'address',
    host: '127.0.0.1',
    want: 'TLS plain plain TLS TLS TLS TLS TLS',
  },
  {
    name: 'a name, and the certificate of its address',
    certificate: 'address',
    want: 'TLS plain plain TLS TLS TLS TLS untrusted',
  },
  // MariaDB says no more to such a user than that access is denied.
  {
    name: 'a user for whom only TLS is open',
    certificate: 'good',
    user: 'tls_only',
    want: 'TLS auth TLS TLS TLS TLS TLS TLS',
    database: '',
  },
] as const

for (const { name, certificate, want, ...to } of rows) {
  void t.test(name, async (t) => {
    await use(certificate)
    for (const [mode, outcome] of outcomes(want)) {
      const query = mode.replace('CA', `sslrootcert=${authority.ca}`)
      const url = change(server.url, { host: 'localhost', query, ...to })
      t.equal(await outcomeOf(url), outcome, mode || '(none)')
    }
  })
}

void t.test('a server that takes nothing but TLS', async (t) => {
  await use('good')
  await run('set global require_secure_transport = on')
  for (const [mode, outcome] of outcomes('TLS auth TLS TLS TLS TLS TLS TLS')) {
    const query = mode.replace('CA', `sslrootcert=${authority.ca}`)
    t.equal(await outcomeOf(change(server.url, { host: 'localhost', query })), outcome, mode || '(none)')
  }
  const admin = openEngine(t, change(server.url, { query: 'sslmode=require' }))
  await admin.knex.raw('set global require_secure_transport = off')
})

void t.test('every way to ask for encryption is encrypted', async (t) => {
  for (const query of [
    'ssl=true',
    'useSSL=true',
    'ssl-mode=REQUIRED',
    'sslaccept=accept_invalid_certs',
    `ssl-ca=${authority.ca}`,
  ]) {
    t.equal(await outcomeOf(change(server.url, { host: 'localhost', query })), 'TLS', query)
  }
})

void t.test('a Unix socket has no TLS, whatever the URL says', async (t) => {
  const path = join(t.testdir(), 'socket')
  t.equal(
    await outcomeOf(change(server.url, { query: `sslmode=verify-full&socket=${server.socket}` })),
    'plain',
  )
  t.equal(
    await outcomeOf(change(server.url, { query: `unix_socket=${path}` })),
    'connection-refused',
    'one that is not there',
  )
})

const client = authority.issue('certified')
const certified = (query: string): string =>
  change(server.url, { host: 'localhost', user: 'certified', database: '', query })

void t.test('client certificates', async (t) => {
  t.equal(await outcomeOf(certified(`sslcert=${client.cert}&sslkey=${client.key}`)), 'TLS')
  t.equal(await outcomeOf(certified('sslmode=require')), 'auth-failed', 'none')
  const unknown = authority.selfSign('certified', 'DNS:certified')
  t.equal(
    await outcomeOf(certified(`sslcert=${unknown.cert}&sslkey=${unknown.key}`)),
    'auth-failed',
    'that the server does not trust',
  )
})

void t.test('a connection shows no key and no password to whoever prints it', async (t) => {
  const key = authority.encryptKey(client.key, 'canary-pass')
  const engine = openEngine(t, certified(`sslcert=${client.cert}&sslkey=${key}&sslpassword=canary-pass`))
  const connection = await clientOf(engine.knex).acquireConnection()
  const printed = inspect([engine, engine.knex, engine.knex.client, connection], { depth: 12 })
  t.notMatch(printed, /canary|PRIVATE KEY|s3cret/)
  t.match(printed, /rejectUnauthorized: false/, 'although it shows the rest')
  await clientOf(engine.knex).releaseConnection(connection)
})

void t.test('a server without TLS', async (t) => {
  await server.stop()
  await server.start(['--skip-ssl'])
  for (const [mode, outcome] of outcomes(
    'plain plain plain plain unsupported unsupported unsupported unsupported',
  )) {
    const query = mode.replace('CA', `sslrootcert=${authority.ca}`)
    t.equal(await outcomeOf(change(server.url, { host: 'localhost', query })), outcome, mode || '(none)')
  }
})
