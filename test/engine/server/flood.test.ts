import type { Socket } from 'node:net'
import t from 'tap'
import { makeAuthority } from '../../servers/certificates.js'
import { startFakeMysql } from '../../servers/fake-mysql.js'
import { startFakePostgres } from '../../servers/fake-postgres.js'
import { packet } from '../../servers/mysql-messages.js'
import { authentication, message } from '../../servers/postgres-messages.js'
import { openEngine } from './open-engine.js'

const authority = makeAuthority()
const certificate = authority.issue('localhost', 'DNS:localhost,IP:127.0.0.1')
t.teardown(() => authority.remove())

/** What the kernel holds between two sockets, and what is read before anybody can stop it. */
const underWayBytes = 8 * 1024 * 1024

let sentBytes = 0

/** Sends without an end, for as long as somebody reads. */
function flood(socket: Socket, piece: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.writable) {
      sentBytes += piece.length
      if (!socket.write(piece)) return void socket.once('drain', more)
    }
  }
  more()
}

const noise = Buffer.alloc(64 * 1024, 'x')
const notice = message('N', Buffer.from(`SNOTICE\0C00000\0M${'x'.repeat(60_000)}\0\0`))
const endless = Buffer.concat([Buffer.from([0x53, 0x7f, 0xff, 0xff, 0xff]), noise])
const options = (tls: boolean): { certificate?: typeof certificate } => (tls ? { certificate } : {})

const servers = [
  {
    name: 'noise in place of TLS',
    start: () => startFakePostgres({ sslAnswer: Buffer.concat([Buffer.from('S'), noise]), login: () => {} }),
  },
  {
    name: 'noise in place of the answer about encryption',
    start: () => startFakePostgres({ sslAnswer: noise, login: ({ socket }) => flood(socket, noise) }),
  },
  ...[false, true].flatMap((tls) => [
    {
      name: `notices${tls ? ' over TLS' : ''}`,
      start: () => startFakePostgres({ ...options(tls), login: ({ socket }) => flood(socket, notice) }),
    },
    {
      name: `notices after the request for a password${tls ? ' over TLS' : ''}`,
      start: () =>
        startFakePostgres({
          ...options(tls),
          login: ({ socket }) => {
            socket.write(authentication(3))
            flood(socket, notice)
          },
        }),
    },
    {
      name: `a message of 2 GB${tls ? ' over TLS' : ''}`,
      start: () =>
        startFakePostgres({
          ...options(tls),
          login: ({ socket }) => {
            socket.write(endless)
            flood(socket, noise)
          },
        }),
    },
  ]),
].map((row) => ({ ...row, scheme: 'postgres' }))
const big = Buffer.concat([Buffer.from([0xff, 0xff, 0xff, 0]), noise])
const mysqlServers = [
  {
    name: 'a greeting of 16 MB',
    start: () => startFakeMysql({ insteadOfGreeting: (socket) => flood(socket, big), login: () => {} }),
  },
  ...[false, true].map((tls) => ({
    name: `packets after the handshake${tls ? ' over TLS' : ''}`,
    start: () =>
      startFakeMysql({
        ...options(tls),
        login: ({ socket, sequence }) => {
          socket.write(packet(sequence, Buffer.from([1, 4])))
          flood(socket, big)
        },
      }),
  })),
].map((row) => ({ ...row, scheme: 'mysql' }))

for (const { name, start, scheme } of [...servers, ...mysqlServers]) {
  t.test(`${scheme}: a server that floods before the login: ${name}`, async (t) => {
    const server = await start()
    t.teardown(() => server.close())
    sentBytes = 0
    const engine = openEngine(t, `${scheme}://app:s3cret@127.0.0.1:${server.port}/todo`, {
      connectTimeoutMs: 3000,
    })
    const answer = await engine.probe({ timeoutMs: 8000 })
    t.match(answer, {
      ok: false,
      problem: { code: /not-a-database-server|tls-not-supported|auth-method|connect-timeout/ },
    })
    await engine.close()
    t.ok(sentBytes < underWayBytes * 2, `${sentBytes} bytes`)
    if (!answer.ok)
      t.comment(`${answer.problem.code}: ${answer.problem.message}`, answer.problem.cause?.message ?? '')
  })
}
