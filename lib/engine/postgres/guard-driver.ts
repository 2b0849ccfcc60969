import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { LoginGuard } from '../server/login-guard.ts'
import { readEarlyError, readRefusedEncryption } from './early-error.ts'
import { MessageCheck } from './message-check.ts'

/** What a connection is made with: pg's own settings, and ours beside them. */
interface GuardedSettings {
  readonly guard?: LoginGuard
  readonly enableChannelBinding?: boolean
  readonly ssl: unknown
  readonly sslnegotiation: string
  readonly [setting: string]: unknown
}

interface PgConnection extends EventEmitter {
  readonly stream: Socket
  attachListeners(stream: Socket): void
}

/** Where pg keeps the password that a function gave it. */
interface PgClient {
  password: unknown
  readonly connectionParameters: { password: unknown }
}

/** Once the login is done nobody needs it, and a connection can be printed. */
function forget(client: PgClient): void {
  client.password = client.connectionParameters.password = null
}

/** Events that pg hands on as they are: what is thrown in them was thrown by the program. */
const handedOn = ['errorMessage', 'notice', 'notification']

/** Thrown outside of the events of the socket, as pg does with what is thrown for a result. */
function leaveToProgram(connection: EventEmitter, event: string): void {
  const listeners = connection.rawListeners(event)
  connection.removeAllListeners(event).on(event, (message: unknown) => {
    try {
      for (const listener of listeners) listener.call(connection, message)
    } catch (error) {
      process.nextTick(() => {
        throw error
      })
    }
  })
}

/** The part of pg that is used. */
interface Pg {
  readonly Client: new (settings: object) => object
  readonly Connection: new (settings: object) => PgConnection
}

/** Puts a guard between pg and the server, for each connection. */
export function guardDriver(driver: unknown): unknown {
  const pg = driver as Pg

  class GuardedConnection extends pg.Connection {
    readonly #guard: LoginGuard
    #isBound = false

    constructor({
      guard = new LoginGuard(),
      enableChannelBinding = false,
      sslnegotiation,
      ...settings
    }: GuardedSettings) {
      super({ ...settings, sslNegotiation: sslnegotiation })
      this.#guard = guard
      // pg itself binds to the channel where the server offers it, and goes on where it does not.
      if (enableChannelBinding) this.#requireChannelBinding()
      guard.watch(this.stream)
      // Before pg does, which takes any error for another program.
      if (settings.ssl && sslnegotiation !== 'direct') this.#expect(readRefusedEncryption)
      this.once('readyForQuery', () => {
        guard.welcome()
        for (const event of handedOn) leaveToProgram(this, event)
      })
    }

    override attachListeners(stream: Socket): void {
      if ('encrypted' in stream) this.#guard.watchTls(stream as TLSSocket)
      else this.#expect(readEarlyError)
      const check = new MessageCheck()
      stream.on('data', (data: Buffer) => check.read(data))
      super.attachListeners(stream)
    }

    /** Ends the connection where the first that comes is an error that pg cannot read. */
    #expect(readError: (bytes: Buffer) => Error | undefined): void {
      this.stream.once('data', (bytes: Buffer) => {
        const error = readError(bytes)
        if (!error) return
        this.emit('error', error)
        this.stream.destroy()
      })
    }

    #requireChannelBinding(): void {
      this.emit = (event: string, ...args: unknown[]): boolean => {
        if (this.#mayGoOn(event, args[0])) return super.emit(event, ...args)
        const error = new Error('the server logs in without channel binding')
        this.stream.destroy(Object.assign(error, { code: 'ERR_CHANNEL_BINDING' }))
        return true
      }
    }

    /** As in libpq: nothing is sent in answer to another method, and no login is taken that another one came to. */
    #mayGoOn(event: string, message: unknown): boolean {
      if (event === 'authenticationSASL')
        this.#isBound = (message as { mechanisms: string[] }).mechanisms.includes('SCRAM-SHA-256-PLUS')
      return this.#isBound || !event.startsWith('authentication')
    }
  }

  class GuardedClient extends pg.Client {
    constructor(settings: GuardedSettings) {
      const connection = new GuardedConnection(settings)
      super({ ...settings, connection })
      connection.once('readyForQuery', () => forget(this as unknown as PgClient))
    }
  }

  return Object.create(pg, { Client: { value: GuardedClient } })
}
