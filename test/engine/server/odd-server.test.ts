import { createServer } from 'node:net'
import type { Connection } from 'mysql2'
import t from 'tap'
import { openPool } from 'failsoft/mysql2'
import { makeAuthority } from '../../servers/certificates.js'
import { startCompressedMysql } from '../../servers/compressed-mysql.js'
import { serve, startFakePostgres } from '../../servers/fake-postgres.js'
import { versionRow } from '../../servers/fake-mysql.js'
import { listen } from '../../servers/fault-server.js'
import { packet, resultSet } from '../../servers/mysql-messages.js'
import { authentication, message, readyForQuery, row } from '../../servers/postgres-messages.js'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import { openEngine } from './open-engine.js'

const rows = [
  {
    name: 'a version that knex does not understand',
    login: serve(row({ version: 'Crate 5.10', read_only: 'off', standby: 'f' })),
    want: { ok: true },
  },
  {
    name: 'no row',
    login: serve(Buffer.concat([message('C', 'SELECT 0'), readyForQuery])),
    want: { ok: false, problem: { code: 'not-a-database-server' } },
  },
  ...[7, 9].map((method) => ({
    name: `the request to log in with method ${method}`,
    login: ({ socket }: { socket: { write(bytes: Buffer): void } }) => socket.write(authentication(method)),
    want: { ok: false, problem: { code: 'auth-method', hint: /GSSAPI or SSPI/ } },
  })),
  {
    name: 'the request to log in in a way that is not known',
    login: ({ socket }: { socket: { write(bytes: Buffer): void } }) => socket.write(authentication(99)),
    want: { ok: false, problem: { code: 'auth-method', hint: /scram-sha-256/ } },
  },
  {
    name: 'another mechanism of SASL',
    login: ({ socket }: { socket: { write(bytes: Buffer): void } }) =>
      socket.write(authentication(10, 'OAUTHBEARER', '')),
    want: { ok: false, problem: { code: 'auth-method' } },
  },
]

for (const { name, login, want } of rows) {
  t.test(`a server that answers with ${name}`, async (t) => {
    const server = await startFakePostgres({ login })
    t.teardown(() => server.close())
    const engine = openEngine(t, `postgres://app:s3cret@127.0.0.1:${server.port}/todo`, {
      connectTimeoutMs: 2000,
    })
    t.match(await engine.probe(), want)
  })
}

const banners = [
  { name: 'SSH', says: 'SSH-2.0-OpenSSH_9.6p1\r\n' },
  { name: 'SMTP', says: '220 mail.example.com ESMTP\r\n' },
  { name: 'FTP', says: '220-welcome\r\n220 ready\r\n' },
  { name: 'a web server that waits no longer', says: 'HTTP/1.1 408 Request Timeout\r\n\r\n' },
]

for (const { name, says } of banners) {
  t.test(`a server that speaks first, as MySQL does, and is none: ${name}`, async (t) => {
    const server = await listen(createServer((socket) => socket.on('error', () => {}).write(says)))
    t.teardown(() => server.close())
    const engine = openEngine(t, `mysql://app:s3cret@127.0.0.1:${server.port}/todo`)
    t.match(await engine.probe({ timeoutMs: 60_000 }), {
      ok: false,
      problem: { code: 'not-a-database-server' },
    })
  })
}

/** Rows that end with an error that is cut off after its first byte: so many that they are unpacked in another thread. */
function brokenRows(): Buffer {
  const whole = resultSet(
    ['a'],
    Array.from({ length: 80 }, () => ['x'.repeat(250)]),
  )
  const end = whole.length - 9
  return Buffer.concat([whole.subarray(0, end), packet(whole[end + 3]!, Buffer.from([0xff]))])
}

t.test('a server that compresses, and whose errors are cut off', async (t) => {
  const server = await startCompressedMysql((sql) => (sql.includes('tasks') ? brokenRows() : versionRow))
  t.teardown(() => server.close())
  const url = `mysql://app:s3cret@127.0.0.1:${server.port}/todo?sslmode=disable&compress=true`
  const statement = 'select a from tasks'
  const database = openPool({ url, log: () => {} })
  t.teardown(() => database.close())
  await t.rejects(database.pool.query(statement), { code: 'ERR_SERVER_MESSAGE' }, 'a pool')
  await t.rejects(openEngine(t, url).knex.raw(statement), /out of range/, 'knex')
})

t.test('a server that compresses, and a program that throws for what it hears', async (t) => {
  const rows = Array.from({ length: 80 }, () => ['x'.repeat(250)])
  const server = await startCompressedMysql((sql) =>
    sql.includes('tasks') ? resultSet(['a'], rows) : versionRow,
  )
  t.teardown(() => server.close())
  const url = `mysql://app:s3cret@127.0.0.1:${server.port}/todo?sslmode=disable&compress=true`
  const database = openPool({ url, log: () => {} })
  t.teardown(() => database.close())
  const pooled = await database.pool.getConnection()
  const connection = pooled.connection as unknown as Connection
  const heard: unknown[] = []
  await new Promise<void>((resolve) => {
    const typeCast = (): never => {
      throw new Error('no row')
    }
    connection.query({ sql: 'select a from tasks', typeCast }, (error) => {
      heard.push(error)
      if (error?.code !== 'ERR_SERVER_MESSAGE') throw new Error('of the program')
      resolve()
    })
  })
  t.ok(heard.length < 5, `it hears of one row, not of each: ${heard.length}`)
})

t.test('a server that wants GSSAPI all of a sudden', async (t) => {
  let wantsGssapi = false
  const server = await startFakePostgres({
    login: (login) => (wantsGssapi ? login.socket.write(authentication(7)) : serve()(login)),
  })
  t.teardown(() => server.close())
  const url = `postgres://app:s3cret@127.0.0.1:${server.port}/todo`
  const engine = openEngine(t, url) as ManagedEngine
  await t.resolves(engine.knex.raw('select 1'))
  wantsGssapi = true
  engine.dropConnections()
  const error: unknown = await engine.knex.raw('select 1').catch((reason: unknown) => reason)
  t.match(error, { code: 'auth-method', cause: { message: /7/ } })
})

t.test('channel binding that is required', async (t) => {
  const authority = makeAuthority()
  t.teardown(() => authority.remove())
  const certificate = authority.issue('localhost', 'IP:127.0.0.1')
  const methods = {
    'no question': authentication(0),
    'a password in clear text': authentication(3),
    'an MD5 hash': authentication(5, Buffer.from('salt')),
    'SCRAM without a binding': authentication(10, 'SCRAM-SHA-256', ''),
  }
  for (const [name, words] of Object.entries(methods)) {
    const heard: string[] = []
    const server = await startFakePostgres({
      certificate,
      login: ({ socket, onMessage }) => {
        onMessage((letter) => heard.push(letter))
        socket.write(words)
      },
    })
    t.teardown(() => server.close())
    const query = 'sslmode=require&channel_binding=require'
    const engine = openEngine(t, `postgres://app:s3cret@127.0.0.1:${server.port}/todo?${query}`, {
      connectTimeoutMs: 1000,
    })
    const answer = await engine.probe()
    t.match(answer, { ok: false, problem: { code: 'auth-method', message: /without channel binding/ } }, name)
    t.same(heard, [], 'nothing of the password is said')
  }
})
