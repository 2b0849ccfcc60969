import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import t from 'tap'
import { outcomeOf } from '../errors/refusals.js'
import { readFileSync } from 'node:fs'
import { makeAuthority } from '../../servers/certificates.js'
import { listen } from '../../servers/fault-server.js'

const authority = makeAuthority()
t.teardown(() => authority.remove())
const certificate = authority.issue('localhost', 'IP:127.0.0.1')

/** A fatal alert (RFC 8446, section 6), in a record of TLS 1.2. */
const alert = (number: number) => (socket: Socket) => {
  socket.once('data', () => socket.end(Buffer.from([21, 3, 3, 0, 2, 2, number])))
}

function speakOldTls(socket: Socket): void {
  const [cert, key] = [readFileSync(certificate.cert), readFileSync(certificate.key)]
  const secureContext = createSecureContext({ cert, key, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })
  new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {})
}

const cases = [
  { name: 'no TLS 1.2', input: speakOldTls, want: 'tls-not-supported', says: 'ssl_min_protocol_version' },
  { name: 'no common cipher', input: alert(40), want: 'tls-not-supported', says: 'sslcert' },
  { name: 'an old version', input: alert(70), want: 'tls-not-supported', says: 'version or cipher' },
  { name: 'a bad certificate', input: alert(42), want: 'auth-failed', says: 'sslcert' },
  { name: 'an unknown authority', input: alert(48), want: 'auth-failed', says: 'sslcert' },
  { name: 'an unknown name', input: alert(112), want: 'tls-not-supported', says: 'host name' },
  {
    name: 'no application protocol',
    input: alert(120),
    want: 'tls-not-supported',
    says: 'ended the handshake',
  },
  { name: 'an internal error', input: alert(80), want: 'tls-not-supported', says: 'ended the handshake' },
  {
    name: 'no TLS at all',
    input: (socket: Socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    want: 'not-a-database-server',
    says: 'port',
  },
]

for (const { name, input, want, says } of cases) {
  void t.test(`a handshake ends with ${name}`, async (t) => {
    const server = await listen(
      createServer((socket) => {
        socket.once('data', () => {
          socket.write('S')
          input(socket)
        })
      }),
    )
    const url = `postgres://app:s3cret@127.0.0.1:${server.port}/todo?sslmode=require`
    const { problem, isTriedAgain } = await outcomeOf(url)
    await server.close()
    t.equal(problem.code, want, JSON.stringify(problem))
    t.ok(`${problem.message} ${problem.hint}`.includes(says), `${says}: ${problem.message} ${problem.hint}`)
    t.ok(isTriedAgain)
  })
}

/** An error of the protocol: its length, and fields that end with a zero (PostgreSQL documentation, "ErrorResponse"). */
function errorResponse(message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C53300\0M${message}\0\0`)
  const head = Buffer.alloc(5, 'E')
  head.writeUInt32BE(fields.length + 4, 1)
  return Buffer.concat([head, fields])
}

const noFork = Buffer.from('Ecould not fork new process for connection: Cannot allocate memory\n\0')
const early = [
  {
    name: 'an error',
    input: errorResponse('sorry, too many clients already'),
    plain: 'too-many-connections',
  },
  { name: 'a failed fork', input: noFork, plain: 'too-many-connections' },
  {
    name: 'an error of another program',
    input: Buffer.from('ERROR\r\nERROR\r\n'),
    plain: 'not-a-database-server',
  },
]
for (const { name, input, plain } of early) {
  void t.test(`what answers the first word with ${name}`, async (t) => {
    const server = await listen(createServer((socket) => socket.once('data', () => socket.end(input))))
    const isServer = plain === 'too-many-connections'
    for (const [mode, want] of [
      ['disable', plain],
      ['prefer', plain],
      ['require', isServer ? 'refused' : plain],
    ]) {
      const { problem } = await outcomeOf(
        `postgres://app:s3cret@127.0.0.1:${server.port}/todo?sslmode=${mode}`,
      )
      t.equal(problem.code, want, `${mode}: ${problem.message}`)
      if (mode === 'require')
        t.notMatch(JSON.stringify(problem), /sorry|fork/, 'nobody can check these words')
    }
    await server.close()
  })
}
