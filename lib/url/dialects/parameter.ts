import type { Secret } from '../secret.ts'
import { bound, count, oneOf, oneOfWords, secretText, text, anyCase, type ValueType } from '../value-types.ts'

/** Which server of a list will do (PostgreSQL documentation, libpq, "target_session_attrs"). */
export type Role =
  'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby' | 'prefer-primary'

/** What the parameters of a server's URL can say, whatever each client calls it. */
export interface ServerSayings {
  connectTimeoutMs: number
  poolMax: number
  acquireTimeoutMs: number
  role: Role
  hostOrder: 'disable' | 'random'
  /** Where each host is dialed, in place of its name. */
  addresses: readonly string[]
  /** An absolute path, in place of all hosts. */
  socketPath: string
  localAddress: string
  keepAlive: boolean
  keepAliveDelayMs: number
  applicationName: string
  searchPath: string
  /** Options of PostgreSQL's command line. */
  options: string
  statementTimeoutMs: number
  /** Path of a file with revoked certificates. */
  crl: string
  /** Opens the client's key. */
  passphrase: Secret
  minTlsVersion: TlsVersion
  maxTlsVersion: TlsVersion
}

/** A version of TLS, as libpq and Node.js write it. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'

/** What the parameters of a SQLite URL can say. */
export interface SqliteSayings {
  journalMode: 'wal' | 'delete' | 'truncate' | 'persist'
  /** As SQLite counts it: 0 off, 1 normal, 2 full, 3 extra. */
  synchronous: 0 | 1 | 2 | 3
  busyTimeoutMs: number
  foreignKeys: boolean
  journalSizeLimitBytes: number
  mode: 'ro' | 'rw' | 'rwc' | 'memory'
}

/** What is known of one parameter: what it may be, and what comes of it. */
export interface Parameter {
  readonly type: ValueType<unknown>
  /** It says this in the words of the library, or of the driver; or it has no effect, for this reason. */
  readonly effect: { readonly says: string } | { readonly setsDriver: string } | { readonly ignored: string }
  /** Whether its value must not be shown. */
  readonly secret: boolean
}

/** What is known of the parameters of a dialect, by name in lower case. Of two that say the same, the later one counts. */
export type ParameterTable = ReadonlyMap<string, Parameter>

/** Rows of a {@link ParameterTable}. */
export type ParameterRows = Readonly<Record<string, Parameter>>

/** Makes a table of rows. */
export function parameterTable(rows: ParameterRows): ParameterTable {
  return new Map(Object.entries(rows))
}

/** A parameter with a meaning of its own on every server that has it. */
export function says<Name extends keyof ServerSayings>(
  name: Name,
  type: ValueType<ServerSayings[Name]>,
): Parameter {
  return { type, effect: { says: name }, secret: false }
}

/** The same, for SQLite. */
export function saysOfSqlite<Name extends keyof SqliteSayings>(
  name: Name,
  type: ValueType<SqliteSayings[Name]>,
): Parameter {
  return { type: anyCase(type), effect: { says: name }, secret: false }
}

/** A parameter that is a setting of the driver. */
export function setsDriver(name: string, type: ValueType<unknown>): Parameter {
  return { type, effect: { setsDriver: name }, secret: false }
}

/** Parameters without an effect here, all for one reason. */
export function ignored(names: string, why: string, type: ValueType<unknown> = text): ParameterRows {
  const row = (name: string): Parameter => ({
    type,
    effect: { ignored: why },
    secret: isSecretParameter(name),
  })
  return Object.fromEntries(names.split(' ').map((name) => [name, row(name)]))
}

/** Whether a parameter that may not be known holds something that must not be shown. */
export function isSecretParameter(name: string): boolean {
  return /pass(?!file)|pwd|secret|token|credential|api_?key|scram_\w+_key/i.test(name)
}

/** "targetServerType", in the words of PostgreSQL's JDBC driver. */
const jdbcRoles: Readonly<Record<string, Role>> = {
  any: 'any',
  primary: 'primary',
  master: 'primary',
  secondary: 'standby',
  slave: 'standby',
  preferprimary: 'prefer-primary',
  prefersecondary: 'prefer-standby',
  preferslave: 'prefer-standby',
}

const tlsVersion = oneOfWords('TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3')

/** Prisma's file with the certificate and the key of the client. */
const pkcs12: ValueType<never> = {
  expected: 'sslcert and sslkey, which name files in PEM, in its place: PKCS #12 is not read',
  read: () => undefined,
}

/** The parameters that mean the same on every server. */
export const serverParameters: ParameterRows = {
  connect_timeout: says('connectTimeoutMs', bound('s')),
  connection_limit: says('poolMax', count),
  pool_timeout: says('acquireTimeoutMs', bound('s')),
  load_balance_hosts: says('hostOrder', oneOfWords('disable', 'random')),
  targetservertype: says(
    'role',
    anyCase(oneOf(jdbcRoles, 'any, primary, secondary, preferPrimary or preferSecondary')),
  ),
  target_session_attrs: says(
    'role',
    oneOfWords('any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'),
  ),
  sslpassword: { ...says('passphrase', secretText), secret: true },
  ...ignored('sslidentity', 'it is refused', pkcs12),
  sslcrl: says('crl', text),
  ssl_min_protocol_version: says('minTlsVersion', tlsVersion),
  ssl_max_protocol_version: says('maxTlsVersion', tlsVersion),
  ...ignored('pgbouncer', 'statements are never prepared by name, so every pooler works'),
}
