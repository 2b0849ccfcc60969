import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import t from 'tap'
import { createEngine } from 'failsoft/knex'
import { clientOf } from '#lib/engine/knex-client.js'
import { makeAuthority, replaceCertificate } from '../../servers/certificates.js'
import { startPostgres } from '../../servers/postgres.js'
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
const server = await startPostgres({
  tls: { certificate: certificates.good, authority },
  hba: [
    'local all all trust',
    'host all failsoft all scram-sha-256',
    'hostssl all tls_only all scram-sha-256',
    'hostnossl all plain_only all scram-sha-256',
    'hostssl all tls_rejected all reject',
    'host all tls_rejected all scram-sha-256',
    'hostssl all certified all cert',
  ],
})
t.teardown(() => server.remove())
const admin = openEngine(t, change(server.url, { query: 'sslmode=disable' }))
for (const user of ['tls_only', 'plain_only', 'tls_rejected', 'certified']) {
  await admin.knex.raw(`create role ${user} login password '${server.password}'`)
}

async function outcomeOf(url: string): Promise<string> {
  const made = createEngine(targetOf(url))
  if (!made.ok) return made.problem.code
  try {
    const { ssl } = await firstRow(
      made.engine.knex,
      'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
    )
    return ssl ? 'TLS' : 'plain'
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    await made.engine.close()
  }
}

/** When the server has read its settings, as a new connection sees it. */
async function loadedAt(): Promise<number> {
  const fresh = openEngine(t, change(server.url, { query: 'sslmode=disable' }))
  const { at } = await firstRow(fresh.knex, 'select pg_conf_load_time() as at')
  await fresh.close()
  return Number(at)
}

async function reload(settings: {
  certificate?: keyof typeof certificates
  ssl?: 'on' | 'off'
}): Promise<void> {
  const { certificate = 'good', ssl = 'on' } = settings
  const before = await loadedAt()
  replaceCertificate(server.certificate, certificates[certificate])
  await admin.knex.raw(`alter system set ssl = ${ssl}`)
  await admin.knex.raw('select pg_reload_conf()')
  while ((await loadedAt()) === before);
}

const rows = [
  //                                                              (none)   disable  allow  prefer require require+ca  verify-ca   verify-full
  { name: 'a good certificate', server: {}, want: 'TLS plain plain TLS TLS TLS TLS TLS' },
  {
    name: 'a certificate of another name',
    server: { certificate: 'wrong name' },
    want: 'TLS plain plain TLS TLS TLS TLS untrusted',
  },
  {
    name: 'a certificate that nobody vouches for',
    server: { certificate: 'self-signed' },
    want: 'TLS plain plain TLS TLS untrusted untrusted untrusted',
  },
  {
    name: 'an address, and a certificate of a name',
    server: {},
    host: '127.0.0.1',
    want: 'TLS plain plain TLS TLS TLS TLS untrusted',
  },
  {
    name: 'an address, and its certificate',
    server: { certificate: 'address' },
    host: '127.0.0.1',
    want: 'TLS plain plain TLS TLS TLS TLS TLS',
  },
  {
    name: 'a name, and the certificate of its address',
    server: { certificate: 'address' },
    want: 'TLS plain plain TLS TLS TLS TLS untrusted',
  },
  {
    name: 'a server without TLS',
    server: { ssl: 'off' },
    want: 'plain plain plain plain unsupported unsupported unsupported unsupported',
  },
  {
    name: 'a user for whom only TLS is open',
    server: {},
    user: 'tls_only',
    want: 'TLS required TLS TLS TLS TLS TLS TLS',
  },
  {
    name: 'a user for whom only plain text is open',
    server: {},
    user: 'plain_only',
    want: 'plain plain plain plain rule rule rule rule',
  },
  {
    name: 'a user whose TLS is rejected',
    server: {},
    user: 'tls_rejected',
    want: 'plain plain plain plain rule rule rule rule',
  },
] as const

for (const { name, server: settings, want, ...to } of rows) {
  void t.test(name, async (t) => {
    await reload(settings)
    for (const [mode, outcome] of outcomes(want)) {
      const query = mode.replace('CA', `sslrootcert=${authority.ca}`)
      const url = change(server.url, { host: 'localhost', query, ...to })
      t.equal(await outcomeOf(url), outcome, mode || '(none)')
    }
  })
}
const url = change(server.url, { host: 'localhost' })
const asks = [
  { name: 'ssl=true', query: 'ssl=true' },
  { name: 'ssl-mode=REQUIRED', query: 'ssl-mode=REQUIRED' },
  { name: 'sslaccept=strict', query: `sslaccept=strict&sslrootcert=${authority.ca}` },
  { name: 'the authority alone', query: `sslrootcert=${authority.ca}` },
  { name: 'TLS without a question first', query: 'sslnegotiation=direct' },
  { name: 'a login that is bound to the channel', query: 'sslmode=require&channel_binding=require' },
  { name: 'a version of TLS', query: 'sslmode=require&ssl_min_protocol_version=TLSv1.3' },
]
void t.test('every way to ask for encryption is encrypted', async (t) => {
  await reload({})
  for (const { name, query } of asks) t.equal(await outcomeOf(change(url, { query })), 'TLS', name)
})

void t.test('the versions of TLS that the URL allows', async (t) => {
  const engine = openEngine(t, change(url, { query: 'sslmode=require&ssl_max_protocol_version=TLSv1.2' }))
  const { version } = await firstRow(
    engine.knex,
    'select version from pg_stat_ssl where pid = pg_backend_pid()',
  )
  t.equal(version, 'TLSv1.2')
})

void t.test('the authorities that Node trusts do not know this one', async (t) => {
  t.equal(await outcomeOf(change(url, { query: 'sslrootcert=system' })), 'tls-untrusted-certificate')
  t.equal(await outcomeOf(change(url, { query: 'sslmode=verify-full' })), 'tls-untrusted-certificate')
})

void t.test('a Unix socket has no TLS, whatever the URL says', async (t) => {
  const socket = `postgres://failsoft:x@/postgres?host=/tmp&port=${server.port}&sslmode=require`
  t.equal(await outcomeOf(socket), 'plain')
})

const client = authority.issue('certified')
const certified = (query: string): string =>
  change(url, { user: 'certified', password: '', query: `sslmode=require&${query}` })

void t.test('client certificates', async (t) => {
  t.equal(await outcomeOf(certified(`sslcert=${client.cert}&sslkey=${client.key}`)), 'TLS')
  t.equal(await outcomeOf(certified('')), 'auth-failed', 'none')
  const foreign = authority.issue('somebody-else')
  t.equal(
    await outcomeOf(certified(`sslcert=${foreign.cert}&sslkey=${foreign.key}`)),
    'auth-failed',
    'of another name',
  )
  const unknown = authority.selfSign('certified', 'DNS:certified')
  t.equal(
    await outcomeOf(certified(`sslcert=${unknown.cert}&sslkey=${unknown.key}`)),
    'auth-failed',
    'that the server does not trust',
  )
  const encrypted = authority.encryptKey(client.key, 'canary-pass')
  t.equal(
    await outcomeOf(certified(`sslcert=${client.cert}&sslkey=${encrypted}&sslpassword=canary-pass`)),
    'TLS',
    'with an encrypted key',
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

void t.test('a file that cannot be read is found before a connection is made', async (t) => {
  const directory = t.testdir({ 'text.pem': 'not a certificate' })
  const text = join(directory, 'text.pem')
  const encrypted = authority.encryptKey(client.key, 'right')
  writeFileSync(join(directory, 'empty.pem'), '')
  const cases = [
    { parameter: 'sslrootcert', query: 'sslrootcert=/nowhere/ca.pem' },
    { parameter: 'sslrootcert', query: `sslmode=verify-full&sslrootcert=${text}` },
    { parameter: 'sslrootcert', query: `sslrootcert=${join(directory, 'empty.pem')}` },
    { parameter: 'sslcert', query: `sslcert=${text}&sslkey=${client.key}` },
    { parameter: 'sslkey', query: `sslcert=${client.cert}&sslkey=${text}` },
    { parameter: 'sslkey', query: `sslcert=${client.cert}&sslkey=${encrypted}&sslpassword=canary-wrong` },
    { parameter: 'sslcrl', query: `sslrootcert=${authority.ca}&sslcrl=${text}` },
  ]
  for (const { parameter, query } of cases) {
    const made = createEngine(targetOf(change(url, { query })))
    t.match(
      made,
      { ok: false, problem: { code: 'invalid-parameter', message: new RegExp(`"?${parameter}`) } },
      query,
    )
    t.notMatch(JSON.stringify(made), /canary/)
  }
})
