import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { Certificate } from './certificates.js'
import { listen, type FaultServer } from './fault-server.js'
import { errorResponse, row, welcome, type PostgresError } from './postgres-messages.js'

/** Somebody who has sent a startup message. */
export interface PostgresLogin {
  readonly socket: Socket
  /** Whether it came over TLS. */
  readonly isEncrypted: boolean
  /** What the startup message says: user, database and parameters. */
  readonly startup: Readonly<Record<string, string>>
  /** The messages that follow, a letter and a body each. */
  onMessage(listener: (letter: string, body: Buffer) => void): void
}

/** What a server says that speaks just enough of PostgreSQL's protocol. */
export interface FakePostgresOptions {
  /** Where given, encryption is offered. */
  readonly certificate?: Certificate
  /** The answer to a wish for encryption, in place of `S` or `N`. */
  readonly sslAnswer?: Buffer | string
  /** What happens once the startup message is there. */
  readonly login: (login: PostgresLogin) => void
}

const sslRequest = 80_877_103

/** Starts one, on a free port of 127.0.0.1. */
export async function startFakePostgres({
  certificate,
  sslAnswer,
  login,
}: FakePostgresOptions): Promise<FaultServer> {
  return await listen(
    createServer((socket) => {
      const start = (stream: Socket, isEncrypted: boolean): void =>
        read(stream, (code, body, onMessage) => {
          if (code !== sslRequest) login({ socket: stream, isEncrypted, startup: parse(body), onMessage })
          else if (sslAnswer !== undefined) socket.write(sslAnswer)
          else if (!certificate) socket.write('N', () => start(socket, false))
          else socket.write('S', () => start(encrypt(socket, certificate), true))
        })
      start(socket, false)
    }),
  )
}

/** Refuses every login with this error. */
export function refuse(error: PostgresError): FakePostgresOptions['login'] {
  return ({ socket }) => socket.end(errorResponse(error))
}

/** Takes every login, and answers every query in the same way. */
export function serve(answer: Buffer = statusRow): FakePostgresOptions['login'] {
  return ({ socket, onMessage }) => {
    socket.write(welcome)
    onMessage((letter) => {
      if (letter === 'Q') socket.write(answer)
      if (letter === 'X') socket.end()
    })
  }
}

/** The answer to all questions that the library itself asks. */
export const statusRow = row({ version: 'PostgreSQL 18.0', read_only: 'off', standby: 'f' })

function encrypt(socket: Socket, { cert, key }: Certificate): TLSSocket {
  const secureContext = createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) })
  return new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => {})
}

type Begin = (code: number, body: Buffer, onMessage: PostgresLogin['onMessage']) => void

/** Reads the first message, which has no letter, then all that follow. */
function read(stream: Socket, begin: Begin): void {
  let bytes = Buffer.alloc(0)
  let listener: ((letter: string, body: Buffer) => void) | undefined
  let hasBegun = false
  const take = (): void => {
    for (;;) {
      const head = hasBegun ? 1 : 0
      if (bytes.length < head + 4) return
      const length = bytes.readInt32BE(head)
      if (bytes.length < head + length) return
      const letter = bytes.toString('latin1', 0, head)
      const body = bytes.subarray(head + 4, head + length)
      bytes = bytes.subarray(head + length)
      if (hasBegun) {
        listener?.(letter, body)
        continue
      }
      hasBegun = true
      const code = body.readInt32BE(0)
      if (code === sslRequest) stream.removeListener('data', onData)
      begin(code, body.subarray(4), (listen) => (listener = listen))
    }
  }
  const onData = (data: Buffer): void => {
    bytes = Buffer.concat([bytes, data])
    take()
  }
  stream.on('data', onData)
}

function parse(body: Buffer): Record<string, string> {
  const words = body.toString().split('\0')
  const pairs = words.flatMap((name, index) =>
    index % 2 === 0 && name ? [[name, words[index + 1] ?? '']] : [],
  )
  return Object.fromEntries(pairs) as Record<string, string>
}
