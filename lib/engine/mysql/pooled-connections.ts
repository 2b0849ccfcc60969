import type { EventEmitter } from 'node:events'
import type { RawConnection } from '../knex-client.ts'
import { guardDriver } from './guard-driver.ts'

// What is used of mysql2 beyond its documented API: the class of a pool's connections, and their packets. It was read in mysql2 3.22 to
// 3.24; the tests of the pools must pass on another one.

interface Packet {
  offset: number
  isError(): boolean
  asError(encoding: string): Error
}

/** The part of mysql2's connection that is used. */
export interface MysqlConnection extends EventEmitter, RawConnection {
  readonly clientEncoding: string
  lastActiveTime: number
  connect(done: (error: Error | null) => void): void
  handlePacket(packet: Packet | undefined): void
  release(): void
  destroy(): void
}

/** The part of mysql2 that makes connections. */
interface Mysql2 {
  readonly PoolConnection: new (pool: object, options: { config: object }) => MysqlConnection
  createPool(settings: object): { readonly config: { readonly connectionConfig: object } }
  createConnection(settings: object): MysqlConnection
}

/**
 * Returns what makes the connections of a pool with these settings; `noteTrouble` hears of the errors that a server sends, and of those of
 * a connection.
 */
export function pooledConnections(
  mysql2: Mysql2,
  pool: object,
  noteTrouble: (error: unknown) => void,
): (settings: object) => Promise<MysqlConnection> {
  // One class for all: V8 is slow where each connection has one of its own.
  class PooledConnection extends mysql2.PoolConnection {
    static override readonly name = mysql2.PoolConnection.name
    /** Whether it is logged in. A login that is refused is told by whoever asked for it. */
    isIn = false

    override handlePacket(packet: Packet | undefined): void {
      if (this.isIn && packet?.isError()) {
        const { offset } = packet
        noteTrouble(packet.asError(this.clientEncoding))
        packet.offset = offset
      }
      super.handlePacket(packet)
    }
  }

  const createConnection = (settings: object): MysqlConnection =>
    new PooledConnection(pool, { config: mysql2.createPool(settings).config.connectionConfig })
  const guarded = guardDriver(
    Object.create(mysql2, { createConnection: { value: createConnection } }),
  ) as Mysql2
  return async (settings) => {
    const connection = (await connected(guarded.createConnection(settings))) as PooledConnection
    connection.isIn = true
    connection.on('error', noteTrouble)
    return connection
  }
}

/** Resolves with a connection that is logged in. What goes wrong on it later has to end somewhere. */
export async function connected(connection: MysqlConnection): Promise<MysqlConnection> {
  connection.on('error', () => undefined)
  await new Promise<void>((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve()))
  })
  return connection
}
