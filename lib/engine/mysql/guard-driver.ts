import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { LoginGuard } from '../server/login-guard.ts'

interface GuardedSettings {
  readonly guard?: LoginGuard
  readonly [setting: string]: unknown
}

interface MysqlConnection extends EventEmitter {
  readonly stream: Socket
  readonly config: { password?: unknown; ssl?: { key?: unknown } | false }
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

/** Puts a guard between mysql2 and the server, for each connection. */
export function guardDriver(driver: unknown): unknown {
  const mysql2 = driver as Mysql2
  const createConnection = ({ guard = new LoginGuard(), ...settings }: GuardedSettings): MysqlConnection => {
    const connection = mysql2.createConnection(settings)
    guard.watch(connection.stream)
    const { startTLS, removeAllListeners } = connection
    connection.startTLS = (onSecure) => {
      startTLS.call(connection, onSecure)
      guard.watchTls(connection.stream as TLSSocket)
    }
    connection.once('connect', () => {
      guard.welcome()
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
