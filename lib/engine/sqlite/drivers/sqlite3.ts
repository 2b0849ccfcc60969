import type { RawConnection } from '../../knex-client.ts'
import type { DriverDescription } from '../driver-description.ts'

interface Connection extends RawConnection {
  serialize(): void
  interrupt(): void
  all(sql: string, done: (error: Error | null, rows: object[]) => void): void
  close(done: (error: Error | null) => void): void
}

interface Sqlite3 {
  readonly OPEN_READONLY: number
  readonly OPEN_READWRITE: number
  readonly OPEN_CREATE: number
  readonly Database: new (filename: string, flags: number, done: (error: Error | null) => void) => Connection
}

/** `sqlite3` runs its statements on threads of their own. */
export const sqlite3: DriverDescription = {
  synchronous: false,
  readers: 3,
  knexClient: 'sqlite3',
  open: (driver, filename, readOnly) => open(driver as Sqlite3, filename, readOnly),
  all: (connection, sql) =>
    new Promise((resolve, reject) => {
      const done = (error: Error | null, rows: object[]): void => (error ? reject(error) : resolve(rows))
      ;(connection as Connection).all(sql, done)
    }),
  close: (connection) =>
    new Promise((resolve, reject) => {
      ;(connection as Connection).close((error) => (error ? reject(error) : resolve()))
    }),
  interrupt: (connection) => interrupt(connection as Connection),
}

/** A statement that waits for a thread begins after an interrupt, and does not hear it: it is repeated until the connection is closed. */
const interruptMs = 50

function interrupt(connection: Connection): void {
  const timer = setInterval(() => {
    try {
      connection.interrupt()
    } catch {
      // It is closed.
      clearInterval(timer)
    }
  }, interruptMs).unref()
  connection.interrupt()
}

function open({ Database, ...driver }: Sqlite3, filename: string, readOnly: boolean): Promise<Connection> {
  const flags = readOnly ? driver.OPEN_READONLY : driver.OPEN_READWRITE | driver.OPEN_CREATE
  return new Promise((resolve, reject) => {
    const connection = new Database(filename, flags, (error) => (error ? reject(error) : resolve(connection)))
    // One statement after the other: knex does not wait for the one that switches foreign keys on again after it has rebuilt
    // a table, and the BEGIN of the next transaction may overtake it on another thread, where it has no effect any more.
    connection.serialize()
  })
}
