import { connect, type Socket } from 'node:net'
import { isAbsolute } from 'node:path'
import type { Parameters, ServerTarget } from '../../url/target.ts'
import { mysqlRules } from './mysql-parameters.ts'
import { guardDriver } from '../mysql/guard-driver.ts'
import { readFlag, readParameters, readPositive } from './parameters.ts'
import type { Credentials, DialHost, ServerDialect, TlsAttempt, TlsMaterial } from './server-dialect.ts'

function settings(
  { user, password, database }: Credentials,
  _target: ServerTarget,
  mapped: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return {
    user,
    password,
    ...(database === undefined ? {} : { database }),
    charset: 'utf8mb4',
    timezone: 'Z',
    connectAttributes: { program_name: 'failsoft' },
    ...mapped,
  }
}

function socket({ host, port, address }: DialHost, params: Parameters): Socket {
  if (isAbsolute(address)) return connect(address)
  const texts = readParameters(params)
  const localAddress = texts.get('localaddress')
  const stream = connect({ host: address, port, ...(localAddress && { localAddress }) }).setNoDelay(true)
  const keepAlive = readFlag(texts.get('enablekeepalive') ?? texts.get('keepalives') ?? '') ?? true
  stream.setKeepAlive(keepAlive, readPositive(params, 'keepaliveinitialdelay') ?? 30_000)
  // For an IP address mysql2 checks the certificate against "localhost", unless the stream itself names the host.
  return Object.assign(stream, { _host: host })
}

/** Each system has a word and a unit of its own, and skips what is meant for the other (their documentation, "Comments"). */
function sessionSql(params: Parameters): string | undefined {
  const timeoutMs = readPositive(params, 'statement_timeout')
  return timeoutMs === undefined
    ? undefined
    : `set session /*M! max_statement_time = ${timeoutMs / 1000} */ /*!50708 max_execution_time = ${timeoutMs} */`
}

/** How each level of checking is said to mysql2, measured against real servers. */
const checks: Readonly<Record<Exclude<TlsAttempt, 'none'>, object>> = {
  unverified: { rejectUnauthorized: false },
  'verify-ca': { rejectUnauthorized: true },
  'verify-full': { rejectUnauthorized: true, verifyIdentity: true },
}

function tls(attempt: TlsAttempt, material: TlsMaterial): Record<string, unknown> {
  if (attempt === 'none') return {}
  const ssl = { ...material, ...checks[attempt] }
  // pg hides a key from whoever prints a connection; mysql2 does not.
  return { ssl: Object.defineProperty(ssl, 'key', { enumerable: false }) }
}

interface VariableRow {
  readonly Variable_name: string
  readonly Value: string
}

const readOnlyVariables = [
  'read_only',
  'super_read_only',
  'innodb_read_only',
  'transaction_read_only',
  'tx_read_only',
]

/** MySQL and MariaDB through mysql2. */
export const mysql: ServerDialect = {
  name: 'MySQL',
  knexClient: 'mysql2',
  driver: 'mysql2',
  defaultHost: { host: 'localhost', port: 3306 },
  parameters: mysqlRules,
  settings,
  passwordSetting: (password) => password,
  address: ({ host, port }) => (isAbsolute(host) ? { socketPath: host } : { host, port }),
  tls,
  sessionSql,
  timeout: (milliseconds) => ({ connectTimeout: milliseconds }),
  retriesPlain: (code) => code === 'tls-not-supported',
  // A node that has lost its Galera cluster answers, even `select 1`, and refuses every table (Galera documentation, "wsrep_ready").
  // MariaDB beside any cluster says the same, but names no provider.
  readiness: {
    sql: "show status where Variable_name in ('wsrep_ready', 'wsrep_provider_name')",
    isReady: (response) => {
      const rows = (response as [VariableRow[]])[0]
      const read = (name: string): string =>
        rows.find(({ Variable_name }) => Variable_name === name)?.Value ?? ''
      return read('wsrep_provider_name') === '' || read('wsrep_ready') === 'ON'
    },
  },
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
  guardDriver,
  socket,
}
