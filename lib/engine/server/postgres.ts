import { Socket, type TcpSocketConnectOpts } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { Parameters, ServerTarget } from '../../url/target.ts'
import { guardDriver } from '../postgres/guard-driver.ts'
import { readParameters } from './parameters.ts'
import { postgresRules } from './postgres-parameters.ts'
import type { Credentials, DialHost, ServerDialect, TlsAttempt, TlsMaterial } from './server-dialect.ts'

const schemaParameters = ['search_path', 'currentschema', 'schema']

/** A function, because pg takes an empty password for none, and then reads PGPASSWORD and ~/.pgpass. */
function passwordSetting(password: string): () => string {
  return () => password
}

function settings(
  { user, password, database }: Credentials,
  { params }: ServerTarget,
  mapped: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return {
    user,
    password: passwordSetting(password),
    database: database ?? user,
    application_name: 'failsoft',
    client_encoding: 'UTF8',
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    sslnegotiation: 'postgres',
    ...mapped,
    ...writeOptions(params),
    // Old poolers refuse the word, so it is written only where the environment would fill it in.
    ...(process.env['PGREPLICATION'] ? { replication: 'false' } : {}),
  }
}

/** pg reads PGOPTIONS where `options` is empty; a blank keeps it out. Else nothing is sent: old poolers refuse the word. */
function writeOptions(params: Parameters): Record<string, string> {
  const texts = readParameters(params)
  const schema = schemaParameters.map((name) => texts.get(name)).find(Boolean)
  const said = [texts.get('options'), schema && `-c search_path=${escapeOption(schema)}`].filter(Boolean)
  if (said.length > 0) return { options: said.join(' ') }
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

function tls(attempt: TlsAttempt, material: TlsMaterial): Record<string, unknown> {
  // Written out also for plain text: left out, PGSSLMODE would decide. As a context, the key is not there for whoever prints a
  // connection.
  return attempt === 'none'
    ? { ssl: false, sslnegotiation: 'postgres' }
    : { ssl: { secureContext: createSecureContext(material), ...checks[attempt] } }
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

function socket({ host, port, address }: DialHost): Socket {
  return address === host ? new Socket() : new RedirectedSocket({ port, host: address })
}

interface StatusRow {
  readonly version: string
  readonly read_only: string
  readonly standby: boolean
}

/** PostgreSQL through pg. */
export const postgres: ServerDialect = {
  name: 'PostgreSQL',
  knexClient: 'pg',
  driver: 'pg',
  defaultHost: { host: 'localhost', port: 5432 },
  parameters: postgresRules,
  settings,
  passwordSetting,
  address: ({ host, port }) => ({ host, port }),
  tls,
  timeout: (milliseconds) => ({ connectionTimeoutMillis: milliseconds }),
  // libpq falls back on any failure of TLS, and when the server's rules refuse an encrypted connection (28000).
  retriesPlain: (code, message) =>
    code.startsWith('tls-') || code === 'not-a-database-server' || /pg_hba\.conf/.test(message),
  statusSql: `select version() as version, current_setting('transaction_read_only') as read_only, pg_is_in_recovery() as standby`,
  readStatus: (response) => {
    const row = (response as { rows: [StatusRow] }).rows[0]
    // "PostgreSQL 18.4", without what it was compiled for and with.
    const version = row.version.replace(/^(.*?\d[\w.]*).*$/s, '$1')
    return { version, readOnly: row.read_only === 'on' || row.standby, standby: row.standby }
  },
  guardDriver,
  socket,
}

/** CockroachDB, which speaks PostgreSQL's protocol and has no standbys. */
export const cockroachdb: ServerDialect = {
  ...postgres,
  name: 'CockroachDB',
  knexClient: 'cockroachdb',
  defaultHost: { host: 'localhost', port: 26257 },
  statusSql: `select version() as version, current_setting('transaction_read_only') as read_only, false as standby`,
}
