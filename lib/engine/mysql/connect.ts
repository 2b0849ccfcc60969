import { connect, type Socket } from 'node:net'
import { isAbsolute } from 'node:path'
import type { DialHost } from '../../url/dial-hosts.ts'
import type { ServerSettings } from '../../url/settings.ts'
import type { HostPort } from '../../url/target.ts'
import type { RawConnection } from '../knex-client.ts'
import type { Login, TlsAttempt, TlsMaterial } from '../server/server-dialect.ts'

/** What mysql2 is told, the same for every host. */
export function driverSettings({ user, database }: Login, said: ServerSettings): Record<string, unknown> {
  return {
    user,
    ...(database !== undefined && { database }),
    // The bound is ours: it does not count the time in which this process stood still.
    connectTimeout: 0,
    connectAttributes: { program_name: said.applicationName ?? 'failsoft' },
    ...said.driver,
  }
}

/** What mysql2 is told of a host. */
export function addressSettings({ host, port }: HostPort): Record<string, unknown> {
  return isAbsolute(host) ? { socketPath: host } : { host, port }
}

/** The socket that mysql2 talks through, which is connecting already. */
export function openSocket({ host, port, address }: DialHost, said: ServerSettings): Socket {
  if (isAbsolute(address)) return connect(address)
  const { localAddress, keepAlive = true, keepAliveDelayMs = 30_000 } = said
  const socket = connect({ host: address, port, ...(localAddress && { localAddress }) }).setNoDelay(true)
  socket.setKeepAlive(keepAlive, keepAliveDelayMs)
  // For an IP address mysql2 checks the certificate against "localhost", unless the stream itself names the host.
  return Object.assign(socket, { _host: host })
}

/** Each system has a word and a unit of its own, and skips what is meant for the other (their documentation, "Comments"). */
export function sessionSql({ statementTimeoutMs }: ServerSettings): string | undefined {
  return statementTimeoutMs
    ? `set session /*M! max_statement_time = ${statementTimeoutMs / 1000} */ /*!50708 max_execution_time = ${statementTimeoutMs} */`
    : undefined
}

/** How each level of checking is said to mysql2, measured against real servers. */
const checks: Readonly<Record<Exclude<TlsAttempt, 'none'>, object>> = {
  unverified: { rejectUnauthorized: false },
  'verify-ca': { rejectUnauthorized: true },
  'verify-full': { rejectUnauthorized: true, verifyIdentity: true },
}

/** What mysql2 is told of TLS. */
export function tlsSettings(attempt: TlsAttempt, material: TlsMaterial): Record<string, unknown> {
  if (attempt === 'none') return {}
  const ssl = { ...material, ...checks[attempt] }
  // pg hides a key from whoever prints a connection; mysql2 does not.
  return { ssl: Object.defineProperty(ssl, 'key', { enumerable: false }) }
}

interface MysqlConnection extends RawConnection {
  query(
    sql: { sql: string; rowsAsArray: boolean },
    done: (error: Error | null, rows: unknown, fields: unknown) => void,
  ): unknown
  /** What is under way. */
  readonly _command?: object | null
}

/** Sends a statement. */
export async function query(connection: RawConnection, sql: string): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    const done = (error: Error | null, rows: unknown, fields: unknown): void =>
      error ? reject(error) : resolve([rows, fields])
    ;(connection as MysqlConnection).query({ sql, rowsAsArray: false }, done)
  })
}

/** Whether a statement waits for its answer. */
export function isWaiting(connection: RawConnection): boolean {
  return Boolean((connection as MysqlConnection)._command)
}
