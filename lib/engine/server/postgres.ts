import { Socket } from 'node:net'
import { isAbsolute } from 'node:path'
import type { ServerTarget } from '../../url/target.ts'
import { mapParameters, type ParameterMap } from './parameters.ts'
import type { Credentials, ServerDialect, TlsAttempt, TlsFiles } from './server-dialect.ts'

const seconds = (text: string): number => Number(text) * 1000
const flag = (text: string): boolean => text !== '0'

/** Parameters of libpq and other clients, in the words of pg. */
const parameters: ParameterMap = {
  application_name: { setting: 'application_name' },
  client_encoding: { setting: 'client_encoding' },
  options: { setting: 'options' },
  statement_timeout: { setting: 'statement_timeout', read: Number },
  lock_timeout: { setting: 'lock_timeout', read: Number },
  idle_in_transaction_session_timeout: { setting: 'idle_in_transaction_session_timeout', read: Number },
  keepalives: { setting: 'keepAlive', read: flag },
  keepalives_idle: { setting: 'keepAliveInitialDelayMillis', read: seconds },
  sslnegotiation: { setting: 'sslnegotiation' },
}

const schemaParameters = ['search_path', 'currentSchema', 'schema']

function settings(
  { user, password, database }: Credentials,
  { params }: ServerTarget,
): Record<string, unknown> {
  const mapped = mapParameters(parameters, params)
  const schema = schemaParameters.map((name) => params[name]).find((value) => typeof value === 'string')
  const options = [mapped['options'], schema && `-c search_path=${escapeOption(schema)}`]
    .filter(Boolean)
    .join(' ')
  return {
    user,
    // A function, because pg takes an empty password for none, and then reads PGPASSWORD and ~/.pgpass.
    password: () => password,
    database: database ?? user,
    application_name: 'failsoft',
    client_encoding: 'UTF8',
    keepAlive: true,
    keepAliveInitialDelayMillis: 30_000,
    sslnegotiation: 'postgres',
    ...mapped,
    ...writeOptions(options),
  }
}

/** pg reads PGOPTIONS where `options` is empty; a blank keeps it out. Without the variable nothing is sent, since old poolers refuse the word. */
function writeOptions(options: string): Record<string, string> {
  if (options !== '') return { options }
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

function tls(attempt: TlsAttempt, files: TlsFiles, host: string): Record<string, unknown> {
  // Written out also for plain text: left out, PGSSLMODE would decide. A Unix socket has no TLS.
  return { ssl: attempt === 'none' || isAbsolute(host) ? false : { ...files, ...checks[attempt] } }
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
  settings,
  address: ({ host, port }) => ({ host, port }),
  tls,
  timeout: (milliseconds) => ({ connectionTimeoutMillis: milliseconds }),
  // libpq falls back on any failure of TLS, and when the server's rules refuse an encrypted connection (28000).
  retriesPlain: (code, message) =>
    code.startsWith('tls-') || code === 'not-a-database-server' || /no pg_hba\.conf entry/.test(message),
  statusSql: `select version() as version, current_setting('transaction_read_only') as read_only, pg_is_in_recovery() as standby`,
  readStatus: (response) => {
    const row = (response as { rows: [StatusRow] }).rows[0]
    return { version: row.version, readOnly: row.read_only === 'on' || row.standby, standby: row.standby }
  },
  socket: () => new Socket(),
}

/** CockroachDB, which speaks PostgreSQL's protocol and has no standbys. */
export const cockroachdb: ServerDialect = {
  ...postgres,
  name: 'CockroachDB',
  knexClient: 'cockroachdb',
  defaultHost: { host: 'localhost', port: 26257 },
  statusSql: `select version() as version, current_setting('transaction_read_only') as read_only, false as standby`,
}
