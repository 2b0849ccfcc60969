import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { endUnreadable, LoginGuard } from '../server/login-guard.ts'

interface GuardedSettings {
  readonly guard?: LoginGuard
  readonly [setting: string]: unknown
}

interface MysqlConnection extends EventEmitter {
  readonly stream: Socket
  readonly config: { password?: unknown; ssl?: { key?: unknown } | false }
  /** Present where the connection is compressed. */
  readonly _inflatedPacketsParser?: object
  handlePacket(packet?: object): void
  startTLS(onSecure: (error?: Error) => void): void
}

/** The part of mysql2 that is used. */
interface Mysql2 {
  createConnection(settings: object): MysqlConnection
}

/** Once the login is done nobody needs what it was made of, and a connection can be printed. */
function forget({ config }: MysqlConnection): void {
  // Not deleted: V8 is slow with objects that lost a property, and mysql2 looks into this one for each query.
  config.password = undefined
  if (config.ssl) config.ssl = { ...config.ssl, key: undefined }
}

/** What zlib has unpacked in another thread is read outside the events of the socket. */
function guardUnpacked(connection: MysqlConnection): void {
  if (!connection._inflatedPacketsParser) return
  const { handlePacket } = connection
  connection.handlePacket = (packet) => {
    // Without one a statement of the program begins.
    if (!packet) return handlePacket.call(connection)
    try {
      handlePacket.call(connection, packet)
    } catch (error) {
      // What was unpacked with it would go to the same statement.
      connection.handlePacket = (next) => {
        if (!next) handlePacket.call(connection)
      }
      endUnreadable(connection.stream, error)
    }
  }
}

const first = { number: 3, kind: 4 }
/** The version of the protocol, or an error. */
const kinds = [0x0a, 0xff]

/** Many servers speak first too, such as SSH and SMTP: mysql2 would take their words for the length of a packet, and wait for the rest. */
function expectGreeting(bytes: Buffer): void {
  if (bytes.length <= first.kind || bytes[first.number] === 0 || kinds.includes(bytes[first.kind]!)) return
  throw new Error('it does not begin as a greeting of MySQL does')
}

/** Puts a guard between mysql2 and the server, for each connection. */
export function guardDriver(driver: unknown): unknown {
  const mysql2 = driver as Mysql2
  const createConnection = ({ guard = new LoginGuard(), ...settings }: GuardedSettings): MysqlConnection => {
    const connection = mysql2.createConnection(settings)
    guard.watch(connection.stream)
    connection.stream.prependOnceListener('data', expectGreeting)
    const { startTLS, removeAllListeners } = connection
    connection.startTLS = (onSecure) => {
      startTLS.call(connection, onSecure)
      guard.watchTls(connection.stream as TLSSocket)
    }
    connection.once('connect', () => {
      guard.welcome()
      guardUnpacked(connection)
      forget(connection)
    })
    // knex removes all listeners of a connection that failed; what goes wrong on it later has to end somewhere.
    connection.removeAllListeners = (event) => {
      removeAllListeners.call(connection, event)
      return connection.on('error', () => undefined)
    }
    return connection
  }
  return Object.create(mysql2, { createConnection: { value: createConnection } })
}
