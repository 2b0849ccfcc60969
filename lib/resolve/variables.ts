import { dialects } from '../url/kinds.ts'
import { besideSwitch, tlsParameters } from './tls-variables.ts'

/** A variable that may hold a URL. */
export interface UrlVariable {
  readonly name: string
  /** Differs from the others by design (another pooler, another network), so that this is no conflict. */
  readonly variant?: boolean
}

/** The variables that may hold a URL, in the order in which they are searched. Each may have a twin with `_FILE`. */
export const urlVariables: readonly UrlVariable[] = [
  { name: 'DATABASE_URL' },
  { name: 'POSTGRES_URL' },
  { name: 'POSTGRESQL_URL' },
  { name: 'MYSQL_URL' },
  { name: 'MARIADB_URL' },
  { name: 'COCKROACHDB_URL' },
  { name: 'CLEARDB_DATABASE_URL' },
  { name: 'JAWSDB_URL' },
  { name: 'JAWSDB_MARIA_URL' },
  { name: 'SUPABASE_DB_URL' },
  { name: 'POSTGRES_PRISMA_URL', variant: true },
  { name: 'POSTGRES_URL_NON_POOLING', variant: true },
  { name: 'DATABASE_URL_POOLED', variant: true },
  { name: 'DATABASE_URL_UNPOOLED', variant: true },
  { name: 'DATABASE_CONNECTION_POOL_URL', variant: true },
  { name: 'DIRECT_URL', variant: true },
  { name: 'DATABASE_PUBLIC_URL', variant: true },
  { name: 'MYSQL_PUBLIC_URL', variant: true },
  { name: 'JDBC_DATABASE_URL', variant: true },
]

/** Those that lead past a pooler, in the order in which migrations take them. */
export const unpooledVariables: readonly string[] = [
  'DATABASE_URL_UNPOOLED',
  'DIRECT_URL',
  'POSTGRES_URL_NON_POOLING',
]

/** Variables that hold the parts of an address, and count only when they name a host. Each may have a twin with `_FILE`. */
export interface ComponentFamily {
  /** The scheme of the URL that they make; without one, `kind` says it, or the port. */
  readonly scheme?: string
  readonly kind?: readonly string[]
  readonly host: readonly string[]
  readonly port: readonly string[]
  readonly user: readonly string[]
  readonly password: readonly string[]
  readonly database: readonly string[]
  /** Parameters of the URL, by the variable that sets them. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** Laravel's names, whatever the others are called. */
const laravel = { MYSQL_ATTR_SSL_CA: 'sslrootcert', MYSQL_ATTR_SSL_VERIFY_SERVER_CERT: 'sslverifyservercert' }

/** The families, in the order in which they are searched. */
export const componentFamilies: readonly ComponentFamily[] = [
  {
    scheme: 'postgres',
    host: ['PGHOST'],
    port: ['PGPORT'],
    user: ['PGUSER'],
    password: ['PGPASSWORD'],
    database: ['PGDATABASE'],
    parameters: {
      PGSSLMODE: 'sslmode',
      PGSSLROOTCERT: 'sslrootcert',
      PGSSLCERT: 'sslcert',
      PGSSLKEY: 'sslkey',
      PGSSLCRL: 'sslcrl',
      PGSSLNEGOTIATION: 'sslnegotiation',
      PGSSLCERTMODE: 'sslcertmode',
      PGSSLMINPROTOCOLVERSION: 'ssl_min_protocol_version',
      PGSSLMAXPROTOCOLVERSION: 'ssl_max_protocol_version',
      PGREQUIRESSL: 'requiressl',
      ...besideSwitch('PGSSL'),
      ...besideSwitch('PG_SSL'),
      PGGSSENCMODE: 'gssencmode',
      PGCHANNELBINDING: 'channel_binding',
      PGHOSTADDR: 'hostaddr',
      PGTARGETSESSIONATTRS: 'target_session_attrs',
      PGLOADBALANCEHOSTS: 'load_balance_hosts',
      PGCONNECT_TIMEOUT: 'connect_timeout',
      PGAPPNAME: 'application_name',
      PGOPTIONS: 'options',
    },
  },
  {
    scheme: 'postgres',
    host: ['POSTGRES_HOST'],
    port: ['POSTGRES_PORT'],
    user: ['POSTGRES_USER', 'POSTGRES_USERNAME'],
    password: ['POSTGRES_PASSWORD', 'POSTGRES_PASS'],
    database: ['POSTGRES_DATABASE', 'POSTGRES_DB'],
    parameters: tlsParameters('POSTGRES_'),
  },
  {
    scheme: 'mysql',
    host: ['MYSQL_HOST'],
    port: ['MYSQL_PORT'],
    user: ['MYSQL_USER', 'MYSQL_USERNAME'],
    password: ['MYSQL_PASSWORD', 'MYSQL_PASS', 'MYSQL_PWD'],
    database: ['MYSQL_DATABASE', 'MYSQL_DB', 'MYSQL_DBNAME'],
    parameters: { ...tlsParameters('MYSQL_'), ...tlsParameters('MARIADB_'), ...laravel },
  },
  {
    scheme: 'mysql',
    host: ['MYSQLHOST'],
    port: ['MYSQLPORT'],
    user: ['MYSQLUSER'],
    password: ['MYSQLPASSWORD', 'MYSQL_PWD'],
    database: ['MYSQLDATABASE'],
  },
  {
    kind: ['DB_CONNECTION', 'DB_CLIENT'],
    host: ['DB_HOST'],
    port: ['DB_PORT'],
    user: ['DB_USER', 'DB_USERNAME'],
    password: ['DB_PASSWORD', 'DB_PASS', 'DB_PASSWD', 'DB_PWD'],
    database: ['DB_NAME', 'DB_DATABASE'],
    parameters: { ...tlsParameters('DB_'), ...laravel, DB_SOCKET: 'socket' },
  },
]

/** The parameters of a family for one kind of server: the variables of another kind say nothing of it. */
export function parametersOf(
  { parameters = {} }: ComponentFamily,
  scheme: string,
): Readonly<Record<string, string>> {
  const isMysql = scheme === 'mysql'
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => isMysql || !/^(?:MYSQL|MARIADB)_/.test(name)),
  )
}

/** What `DB_CONNECTION` and `DB_CLIENT` say in the frameworks that use them, as a scheme. */
export const databaseKinds: ReadonlyMap<string, string> = new Map([
  ['pg', 'postgres'],
  ['pgsql', 'postgres'],
  ['postgres', 'postgres'],
  ['postgresql', 'postgres'],
  ['cockroachdb', 'cockroachdb'],
  ['mysql', 'mysql'],
  ['mysql2', 'mysql'],
  ['mariadb', 'mysql'],
  ['sqlite', 'sqlite'],
  ['sqlite3', 'sqlite'],
  ['better-sqlite3', 'sqlite'],
])

/** The kinds of server by their usual port, for when nothing else says it. */
export const kindsByPort: ReadonlyMap<string, string> = new Map([
  ...Object.values(dialects).flatMap((kind) =>
    'defaultPort' in kind ? [[String(kind.defaultPort), kind.scheme] as const] : [],
  ),
  // Those of poolers.
  ['6432', 'postgres'],
  ['6543', 'postgres'],
])
