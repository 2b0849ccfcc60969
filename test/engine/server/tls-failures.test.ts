import t from 'tap'
import { makeAuthority, type Certificate } from '../../servers/certificates.js'
import { serve as serveMysql, startFakeMysql } from '../../servers/fake-mysql.js'
import { serve as servePostgres, startFakePostgres } from '../../servers/fake-postgres.js'
import { openEngine } from './open-engine.js'

const authority = makeAuthority()
const other = makeAuthority()
t.teardown(() => [authority, other].forEach((each) => each.remove()))
const here = 'DNS:localhost,IP:127.0.0.1'
const full = `sslmode=verify-full&sslrootcert=${authority.ca}`

interface Failure {
  readonly name: string
  readonly certificate: Certificate
  readonly query: string
  readonly want: { readonly message: RegExp; readonly hint: RegExp }
}

const failures: Failure[] = [
  {
    name: 'another name',
    certificate: authority.issue('db.example.com', 'DNS:db.example.com,DNS:db2.example.com'),
    query: full,
    want: { message: /another name: .*db\.example\.com.*db2\.example\.com/, hint: /verify-ca/ },
  },
  {
    name: 'expired',
    certificate: authority.issueFor('localhost', here, '20200101000000Z', '20200201000000Z'),
    query: full,
    want: { message: /has expired on 2020-02-01\.$/, hint: /Renew/ },
  },
  {
    name: 'not yet valid',
    certificate: authority.issueFor('localhost', here, '20490101000000Z', '20490201000000Z'),
    query: full,
    want: { message: /not valid yet: it begins on 2049-01-01\.$/, hint: /clock/ },
  },
  {
    name: 'an authority that nobody named',
    certificate: authority.issue('localhost', here),
    query: 'sslmode=verify-full',
    want: { message: /authority that is not known/, hint: /sslrootcert=…/ },
  },
  {
    name: 'another authority than the one that is named',
    certificate: other.issue('localhost', here),
    query: full,
    want: {
      message: /authority that is not known/,
      hint: /The file that sslrootcert names.*"failsoft test authority"/,
    },
  },
]

const servers = {
  postgres: (certificate: Certificate) => startFakePostgres({ certificate, login: servePostgres() }),
  mysql: (certificate: Certificate) => startFakeMysql({ certificate, login: serveMysql() }),
}

for (const [scheme, start] of Object.entries(servers)) {
  for (const { name, certificate, query, want } of failures) {
    t.test(`${scheme}, a certificate that is refused: ${name}`, async (t) => {
      const server = await start(certificate)
      t.teardown(() => server.close())
      const engine = openEngine(t, `${scheme}://app:s3cret@localhost:${server.port}/todo?${query}`)
      t.match(await engine.probe(), { ok: false, problem: { code: 'tls-untrusted-certificate', ...want } })
    })
  }
  t.test(`${scheme}, a good certificate`, async (t) => {
    const server = await start(authority.issue('localhost', here))
    t.teardown(() => server.close())
    const engine = openEngine(t, `${scheme}://app:s3cret@localhost:${server.port}/todo?${full}`)
    t.match(await engine.probe(), { ok: true })
  })
}
