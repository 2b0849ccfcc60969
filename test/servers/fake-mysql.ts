import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { Certificate } from './certificates.js'
import { listen, type FaultServer } from './fault-server.js'
import { errorPacket, greeting, okPacket, resultSet, type MysqlError } from './mysql-messages.js'

/** Somebody who has sent a handshake response. */
export interface MysqlLogin {
  readonly socket: Socket
  /** Whether it came over TLS. */
  readonly isEncrypted: boolean
  /** The number of the next packet. */
  readonly sequence: number
  /** The packets that follow. */
  onPacket(listener: (body: Buffer, sequence: number) => void): void
}

/** What a server says that speaks just enough of MySQL's protocol. */
export interface FakeMysqlOptions {
  /** Where given, encryption is offered. */
  readonly certificate?: Certificate
  /** What is said in place of the greeting, before the connection is closed. */
  readonly insteadOfGreeting?: MysqlError | ((socket: Socket) => void)
  readonly plugin?: string
  /** What happens once the handshake response is there. */
  readonly login: (login: MysqlLogin) => void
}

/** A request for encryption is a handshake response that ends after the flags. */
const sslRequestLength = 32

/** Starts one, on a free port of 127.0.0.1. */
export async function startFakeMysql(options: FakeMysqlOptions): Promise<FaultServer> {
  const { certificate, insteadOfGreeting, plugin, login } = options
  return await listen(
    createServer((socket) => {
      if (typeof insteadOfGreeting === 'function') return insteadOfGreeting(socket)
      if (insteadOfGreeting) return void socket.end(errorPacket(0, insteadOfGreeting))
      const start = (stream: Socket, isEncrypted: boolean): void =>
        read(stream, (body, sequence, onPacket) => {
          if (certificate && !isEncrypted && body.length === sslRequestLength)
            start(encrypt(socket, certificate), true)
          else login({ socket: stream, isEncrypted, sequence: sequence + 1, onPacket })
        })
      start(socket, false)
      socket.write(greeting({ ssl: certificate !== undefined, ...(plugin && { plugin }) }))
    }),
  )
}

/** Refuses every login with this error. */
export function refuse(error: MysqlError): FakeMysqlOptions['login'] {
  return ({ socket, sequence }) => socket.end(errorPacket(sequence, error))
}

/** Takes every login, and answers every query in the same way. */
export function serve(answer: Buffer = versionRow): FakeMysqlOptions['login'] {
  return ({ socket, sequence, onPacket }) => {
    socket.write(okPacket(sequence))
    onPacket((body) => (body[0] === 1 ? socket.end() : socket.write(answer)))
  }
}

/** The answer to all questions that the library itself asks. */
export const versionRow = resultSet(['Variable_name', 'Value'], [['version', '8.4.0']])

function encrypt(socket: Socket, { cert, key }: Certificate): TLSSocket {
  const secureContext = createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) })
  return new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {})
}

type Begin = (body: Buffer, sequence: number, onPacket: MysqlLogin['onPacket']) => void

/** Reads the first packet, then all that follow. */
function read(stream: Socket, begin: Begin): void {
  let bytes = Buffer.alloc(0)
  let listener: ((body: Buffer, sequence: number) => void) | undefined
  let hasBegun = false
  const onData = (data: Buffer): void => {
    bytes = Buffer.concat([bytes, data])
    while (bytes.length >= 4 && bytes.length >= 4 + bytes.readUIntLE(0, 3)) {
      const length = bytes.readUIntLE(0, 3)
      const [body, sequence] = [bytes.subarray(4, 4 + length), bytes[3] ?? 0]
      bytes = bytes.subarray(4 + length)
      if (hasBegun) {
        listener?.(body, sequence)
        continue
      }
      hasBegun = true
      // What follows is read by whoever takes the stream over: a client does not wait for an answer before it encrypts.
      if (length === sslRequestLength) {
        stream.removeListener('data', onData).pause()
        if (bytes.length > 0) stream.unshift(bytes)
      }
      begin(body, sequence, (listen) => (listener = listen))
    }
  }
  stream.on('data', onData)
}
