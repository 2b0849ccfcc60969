import { Socket, type TcpSocketConnectOpts } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { DialHost } from '../../url/dial-hosts.ts'
import type { ServerSettings } from '../../url/settings.ts'
import type { RawConnection } from '../knex-client.ts'
import type { Login, TlsAttempt, TlsMaterial } from '../server/server-dialect.ts'

/** A function, because pg takes an empty password for none, and then reads PGPASSWORD and ~/.pgpass. */
export function passwordSetting(password: string): () => string {
  return () => password
}

/** What pg is told, the same for every host. */
export function driverSettings({ user, database }: Login, said: ServerSettings): Record<string, unknown> {
  const { applicationName, keepAlive = true, keepAliveDelayMs = 30_000, statementTimeoutMs } = said
  return {
    user,
    database: database ?? user,
    application_name: applicationName ?? 'failsoft',
    client_encoding: 'UTF8',
    // The bound is ours: it does not count the time in which this process stood still.
    connectionTimeoutMillis: 0,
    keepAlive,
    keepAliveInitialDelayMillis: keepAliveDelayMs,
    sslnegotiation: 'postgres',
    ...(statementTimeoutMs !== undefined && { statement_timeout: statementTimeoutMs }),
    ...said.driver,
    ...startupOptions(said),
    // Old poolers refuse the word, so it is written only where the environment would fill it in.
    ...(process.env['PGREPLICATION'] && { replication: 'false' }),
  }
}

/** pg reads PGOPTIONS where `options` is empty; a blank keeps it out. Else nothing is sent: old poolers refuse the word. */
function startupOptions({ options, searchPath }: ServerSettings): Record<string, string> {
  const all = [options, searchPath && `-c search_path=${escapeOption(searchPath)}`].filter(Boolean)
  if (all.length > 0) return { options: all.join(' ') }
  return process.env['PGOPTIONS'] ? { options: ' ' } : {}
}

/** Backslashes protect spaces in `options` (PostgreSQL documentation, libpq, "options"). */
function escapeOption(value: string): string {
  return value.replace(/[\\ ]/g, String.raw`\$&`)
}

/** How each level of checking is said to Node's TLS, measured against real servers. */
const checks: Readonly<Record<Exclude<TlsAttempt, 'none'>, object>> = {
  unverified: { rejectUnauthorized: false },
  'verify-ca': { rejectUnauthorized: true, checkServerIdentity: () => undefined },
  'verify-full': { rejectUnauthorized: true },
}

/** What pg is told of TLS. */
export function tlsSettings(attempt: TlsAttempt, material: TlsMaterial): Record<string, unknown> {
  // Written out also for plain text: left out, PGSSLMODE would decide.
  if (attempt === 'none') return { ssl: false, sslnegotiation: 'postgres' }
  const ssl = {
    // As a context, the key is not there for whoever prints a connection. It takes tens of milliseconds to make, and is not needed
    // where the server speaks no TLS.
    get secureContext(): SecureContext {
      return createSecureContext(material)
    },
    ...checks[attempt],
  }
  return { ssl }
}

/** pg itself connects its socket, to the name of the host; this one goes to an address that the URL gives apart. */
class RedirectedSocket extends Socket {
  readonly #destination: TcpSocketConnectOpts

  constructor(destination: TcpSocketConnectOpts) {
    super()
    this.#destination = destination
  }

  override connect(): this {
    return super.connect(this.#destination)
  }
}

/** The socket that pg connects. */
export function openSocket({ host, port, address }: DialHost): Socket {
  const socket = address === host ? new Socket() : new RedirectedSocket({ port, host: address })
  // For an IP address some versions of pg check the certificate against "localhost", unless the stream itself names the host.
  return Object.assign(socket, { _host: host })
}

interface PgClient extends RawConnection {
  query(sql: string): Promise<unknown>
  /** Set by pg while no statement is under way. */
  readonly readyForQuery?: boolean
}

/** Sends a statement. */
export async function query(connection: RawConnection, sql: string): Promise<unknown> {
  return await (connection as PgClient).query(sql)
}

/** Whether a statement waits for its answer. */
export function isWaiting(connection: RawConnection): boolean {
  return (connection as PgClient).readyForQuery === false
}
