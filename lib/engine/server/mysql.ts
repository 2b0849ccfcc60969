import { connect, type Socket } from 'node:net'
import { isAbsolute } from 'node:path'
import type { HostPort, ServerTarget } from '../../url/target.ts'
import { mapParameters, type ParameterMap } from './parameters.ts'
import type { Credentials, ServerDialect, TlsAttempt, TlsFiles } from './server-dialect.ts'

/** Parameters that other clients of MySQL know, in the words of mysql2. */
const parameters: ParameterMap = {
  charset: { setting: 'charset' },
  collation: { setting: 'charset' },
  timezone: { setting: 'timezone' },
}

function settings(
  { user, password, database }: Credentials,
  { params }: ServerTarget,
): Record<string, unknown> {
  return {
    user,
    password,
    ...(database === undefined ? {} : { database }),
    charset: 'utf8mb4',
    timezone: 'Z',
    ...mapParameters(parameters, params),
  }
}

function socket({ host, port }: HostPort): Socket {
  if (isAbsolute(host)) return connect(host)
  const stream = connect(port, host).setNoDelay(true).setKeepAlive(true, 30_000)
  // For an IP address mysql2 checks the certificate against "localhost", unless the stream itself names the host.
  return Object.assign(stream, { _host: host })
}

/** How each level of checking is said to mysql2, measured against real servers. */
const checks: Readonly<Record<Exclude<TlsAttempt, 'none'>, object>> = {
  unverified: { rejectUnauthorized: false },
  'verify-ca': { rejectUnauthorized: true },
  'verify-full': { rejectUnauthorized: true, verifyIdentity: true },
}

function tls(attempt: TlsAttempt, files: TlsFiles, host: string): Record<string, unknown> {
  return attempt === 'none' || isAbsolute(host) ? {} : { ssl: { ...files, ...checks[attempt] } }
}

interface VariableRow {
  readonly Variable_name: string
  readonly Value: string
}

const readOnlyVariables = ['read_only', 'super_read_only', 'transaction_read_only', 'tx_read_only']

/** MySQL and MariaDB through mysql2. */
export const mysql: ServerDialect = {
  name: 'MySQL',
  knexClient: 'mysql2',
  driver: 'mysql2',
  defaultHost: { host: 'localhost', port: 3306 },
  settings,
  address: ({ host, port }) => (isAbsolute(host) ? { socketPath: host } : { host, port }),
  tls,
  timeout: (milliseconds) => ({ connectTimeout: milliseconds }),
  retriesPlain: (code) => code === 'tls-not-supported',
  // A list of names rather than @@variables: MySQL and MariaDB do not have the same ones.
  statusSql: `show variables where Variable_name in ('version', ${readOnlyVariables.map((name) => `'${name}'`).join(', ')})`,
  readStatus: (response) => {
    const rows = (response as [VariableRow[]])[0]
    const isOn = ({ Variable_name, Value }: VariableRow): boolean =>
      readOnlyVariables.includes(Variable_name) && /^(ON|1)$/i.test(Value)
    const version = rows.find(({ Variable_name }) => Variable_name === 'version')?.Value ?? 'unknown'
    const readOnly = rows.some(isOn)
    return {
      version: /mariadb/i.test(version) ? `MariaDB ${version}` : `MySQL ${version}`,
      readOnly,
      standby: readOnly,
    }
  },
  socket,
}
