import type { Socket } from 'node:net'
import type { PeerCertificate, TLSSocket } from 'node:tls'

/** How much is read of a server before the login is done, in bytes. */
const loginLimitBytes = 256 * 1024

/** Why a guard ended a connection. */
export class UnreadableServer extends Error {
  /** `ERR_SERVER_FLOOD`: it sent too much before the login; `ERR_SERVER_MESSAGE`: the driver threw on what it sent. */
  readonly code: 'ERR_SERVER_FLOOD' | 'ERR_SERVER_MESSAGE'

  constructor(code: UnreadableServer['code'], message: string) {
    super(message)
    this.name = 'UnreadableServer'
    this.code = code
  }
}

/**
 * Stands between a server and a driver. What a driver throws in an event of its socket belongs to nobody and would end the process:
 * here it ends that connection, with its error.
 */
export class LoginGuard {
  /** What the server showed, where it got so far. */
  certificate: PeerCertificate | undefined
  /** Whether the server speaks TLS. */
  hasTls = false
  readonly #sockets = new Map<Socket, Socket['emit']>()
  #bytes = 0

  /** The login is done: from here on the driver reads what it gets, and of the events of a socket only this one is guarded. */
  welcome(): void {
    for (const [socket, emit] of this.#sockets) {
      socket.emit = emit
      guardReading(socket)
    }
    this.#sockets.clear()
  }

  /** Guards the events of a socket. */
  watch(socket: Socket): void {
    const { emit } = socket
    this.#sockets.set(socket, emit)
    const guarded = (event: string | symbol, ...args: unknown[]): boolean => {
      if (event === 'data' && this.#isTooMuch(args[0] as Buffer)) {
        const message = `more than ${loginLimitBytes / 1024} KB came before the login`
        socket.destroy(new UnreadableServer('ERR_SERVER_FLOOD', message))
        return true
      }
      try {
        return Reflect.apply(emit, socket, [event, ...args]) as boolean
      } catch (error) {
        endUnreadable(socket, error)
        return true
      }
    }
    socket.emit = guarded as typeof emit
  }

  /** Guards a socket that encrypts, and keeps what is seen of the server's certificate. */
  watchTls(socket: TLSSocket): void {
    this.watch(socket)
    this.hasTls = true
    // The last moment to see it: where it is refused, the handle is gone with it.
    socket.prependOnceListener('secure', () => (this.certificate = socket.getPeerCertificate()))
  }

  #isTooMuch(data: Buffer): boolean {
    this.#bytes += data.length
    return this.#bytes > loginLimitBytes
  }
}

type Read = (data: Buffer) => void

/** One listener in place of all, and most have one reader: each query pays for it. */
function guardReading(socket: Socket): void {
  const [first, ...others] = socket.rawListeners('data') as Read[]
  if (!first) return
  socket.removeAllListeners('data').on('data', (data: Buffer) => {
    try {
      first.call(socket, data)
      for (const read of others) read.call(socket, data)
    } catch (error) {
      endUnreadable(socket, error)
    }
  })
}

/** Ends the connection to a server on whose words the driver threw. */
export function endUnreadable(socket: Socket, error: unknown): void {
  socket.destroy(new UnreadableServer('ERR_SERVER_MESSAGE', (error as Error).message))
}
