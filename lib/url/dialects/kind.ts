import type { ParameterTable } from './parameter.ts'

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
  /** Whether spaces around a part other than the password are dropped, and `=` must stand exactly once in a parameter. */
  readonly libpq: boolean
}

/** libpq's. */
export const libpq: Grammar = {
  userEnd: '/',
  hostEnd: '/?',
  reserved: /[/@]/g,
  queryOverrides: true,
  fragments: false,
  libpq: true,
}

/** That of web addresses. */
export const web: Grammar = {
  userEnd: '/?#',
  hostEnd: '/?#',
  reserved: /[/?#@]/g,
  queryOverrides: false,
  fragments: true,
  libpq: false,
}

/** What is known of a database server. */
export interface ServerKind {
  readonly dialect: 'postgres' | 'cockroachdb' | 'mysql'
  /** As people write it. */
  readonly name: string
  /** The scheme of the canonical URL. */
  readonly scheme: string
  /** Every scheme that means it, in lower case. */
  readonly schemes: readonly string[]
  /** What a URL looks like. */
  readonly example: string
  readonly defaultPort: number
  /** Whether it can listen on a Unix socket. */
  readonly sockets: boolean
  readonly grammar: Grammar
  readonly parameters: ParameterTable
}

/** What is known of SQLite, which has no server. */
export interface FileKind {
  readonly dialect: 'sqlite'
  readonly name: 'SQLite'
  readonly scheme: 'sqlite'
  /** Every scheme that means it, in lower case. */
  readonly schemes: readonly string[]
  readonly example: string
  /** Whether `scheme://` alone is a database in memory; otherwise it names no file. */
  readonly memoryWhenBare: boolean
  readonly parameters: ParameterTable
}

/** What a scheme stands for. */
export type Kind = ServerKind | FileKind

/** How the address of a server is written in JDBC: as a web address, with all parts in the query. */
export function jdbcKind(kind: ServerKind): ServerKind {
  return { ...kind, grammar: { ...kind.grammar, queryOverrides: true, libpq: false } }
}
