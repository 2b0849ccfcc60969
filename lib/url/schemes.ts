import { mysqlParameters, postgresParameters, sqliteParameters, type ParameterTable } from './parameters.ts'

/** How the address of a server is written. */
export interface Grammar {
  /** The characters that the user part ends before. */
  readonly userEnd: string
  /** The characters that the hosts end before. */
  readonly hostEnd: string
  /** The characters that must be encoded in user and password, although a reader could guess them. */
  readonly reserved: RegExp
  /** Whether the query may name host, port, user, password and database, and beats the authority. */
  readonly queryOverrides: boolean
  /** Whether `#` starts a fragment, which no database has. */
  readonly fragments: boolean
  /** Whether spaces around a part are dropped, and `=` must stand exactly once in a parameter. */
  readonly libpq: boolean
}

const libpq: Grammar = {
  userEnd: '/',
  hostEnd: '/?',
  reserved: /[/@]/g,
  queryOverrides: true,
  fragments: false,
  libpq: true,
}

const web: Grammar = {
  userEnd: '/?#',
  hostEnd: '/?#',
  reserved: /[/?#@]/g,
  queryOverrides: false,
  fragments: true,
  libpq: false,
}

/** What differs between the servers. */
export interface ServerKind {
  readonly dialect: 'postgres' | 'cockroachdb' | 'mysql'
  /** The scheme of the canonical URL. */
  readonly scheme: string
  /** What a URL looks like. */
  readonly example: string
  readonly defaultPort: number
  /** Whether it can listen on a Unix socket. */
  readonly sockets: boolean
  readonly grammar: Grammar
  readonly parameters: ParameterTable
  readonly foldsCase: false
}

/** SQLite, which has no server. */
export interface FileKind {
  readonly dialect: 'sqlite'
  readonly scheme: 'sqlite'
  readonly example: string
  /** Whether `scheme://` alone is a database in memory; otherwise it names no file. */
  readonly memoryWhenBare: boolean
  readonly parameters: ParameterTable
  /** Whether upper and lower case are the same in the values of parameters. */
  readonly foldsCase: true
}

/** What a scheme stands for. */
export type Kind = ServerKind | FileKind

const postgres: ServerKind = {
  dialect: 'postgres',
  scheme: 'postgres',
  example: 'postgres://user:password@host/database',
  defaultPort: 5432,
  sockets: true,
  grammar: libpq,
  parameters: postgresParameters,
  foldsCase: false,
}

const cockroachdb: ServerKind = {
  ...postgres,
  dialect: 'cockroachdb',
  scheme: 'cockroachdb',
  example: 'cockroachdb://user:password@host/database',
  defaultPort: 26257,
  sockets: false,
}

const mysql: ServerKind = {
  dialect: 'mysql',
  scheme: 'mysql',
  example: 'mysql://user:password@host/database',
  defaultPort: 3306,
  sockets: true,
  grammar: web,
  parameters: mysqlParameters,
  foldsCase: false,
}

const mysqlWithoutSockets: ServerKind = { ...mysql, sockets: false }

const sqlite: FileKind = {
  memoryWhenBare: true,
  dialect: 'sqlite',
  scheme: 'sqlite',
  example: 'sqlite:file.db',
  parameters: sqliteParameters,
  foldsCase: true,
}

const file: FileKind = { ...sqlite, memoryWhenBare: false }

const families: readonly (readonly [kind: Kind, schemes: string])[] = [
  [postgres, 'postgres postgresql pg pgsql pgx px pgnative postgis timescale timescaledb timescalegis'],
  [cockroachdb, 'cockroachdb cockroach crdb cdb cr'],
  [mysql, 'mysql my mysql2 mariadb maria percona aurora mysqlgis mysql-connector mymysql mymy zm trilogy'],
  [mysqlWithoutSockets, 'tidb ti memsql me singlestore vitess vt'],
  [sqlite, 'sqlite sqlite3 sq moderncsqlite modernsqlite modernc mq spatialite better-sqlite3 node-sqlite'],
  [file, 'file'],
]

/** Every scheme that is read, in lower case, and what it stands for. */
export const kinds: ReadonlyMap<string, Kind> = new Map(
  families.flatMap(([kind, schemes]) => schemes.split(' ').map((scheme) => [scheme, kind] as const)),
)

/** How the address of a server is written in JDBC: as a web address, with all parts in the query. */
export function jdbcKind(kind: ServerKind): ServerKind {
  return { ...kind, grammar: { ...kind.grammar, queryOverrides: true, libpq: false } }
}
