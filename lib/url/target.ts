import type { Secret } from './secret.ts'

/** What a URL points at: a server, or a SQLite file. */
export type DatabaseTarget = ServerTarget | SqliteTarget

/**
 * The decoded values of all parameters, by name, except those that are a part of the address and those that {@link TlsSettings} holds
 * and libpq knows by that name. A value that may be secret is a {@link Secret}.
 */
export type Parameters = Readonly<Record<string, string | Secret>>

/** The meaning of `sslmode`, as in libpq. */
export type TlsMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

/** What the URL says about encryption. The files are read by the engine. */
export interface TlsSettings {
  /** Whether to encrypt, and what to check. */
  readonly mode: TlsMode
  /** Path of the file with the certificate authorities. */
  readonly ca?: string
  /** Path of the client certificate. */
  readonly cert?: string
  /** Path of the client's key. */
  readonly key?: string
}

/** One address of a server. */
export interface HostPort {
  /** A name or an address, IPv6 without brackets; an absolute path is a Unix socket; `''` is the default host. */
  readonly host: string
  /** From 1 to 65535. */
  readonly port: number
}

/** A PostgreSQL, CockroachDB, MySQL or MariaDB server. */
export interface ServerTarget {
  /** What the scheme says; MariaDB is `mysql`. */
  readonly dialect: 'postgres' | 'cockroachdb' | 'mysql'
  /** In the URL's order, with default ports filled in; empty when the URL names none. */
  readonly hosts: readonly HostPort[]
  /** Absent when the URL names none. */
  readonly user?: string
  /** Hidden until {@link Secret.reveal}. */
  readonly password?: Secret
  /** Absent when the URL names none. */
  readonly database?: string
  /** Absent when the URL says nothing. */
  readonly tls?: TlsSettings
  /** Every parameter that has no field of its own; the last of a name wins. */
  readonly params: Parameters
}

/** A SQLite database. */
export interface SqliteTarget {
  /** What the scheme says. */
  readonly dialect: 'sqlite'
  /** As the URL names it (`x.db`, `./x.db`, `/abs/x.db`), decoded, or `:memory:`. */
  readonly filename: string
  /** Every parameter; the last of a name wins. */
  readonly params: Parameters
}
