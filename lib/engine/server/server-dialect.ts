import type { Socket } from 'node:net'
import type { HostPort, ServerTarget } from '../../url/target.ts'
import { mysql } from './mysql.ts'
import { cockroachdb, postgres } from './postgres.ts'

/** What a server says of itself. */
export interface ServerStatus {
  readonly version: string
  /** Whether a write would be refused. */
  readonly readOnly: boolean
  /** Whether it follows another server. */
  readonly standby: boolean
}

/** TLS as a driver's option: `none` is plain text. */
export type TlsAttempt = 'none' | 'unverified' | 'verify-ca' | 'verify-full'

/** The certificates that the URL names, read. */
export interface TlsFiles {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** The login, with every part written. */
export interface Credentials {
  readonly user: string
  readonly password: string
  readonly database: string | undefined
}

/** What differs between the servers. */
export interface ServerDialect {
  /** As people write it. */
  readonly name: string
  readonly knexClient: string
  readonly driver: 'pg' | 'mysql2'
  /** The default host where the URL names none. */
  readonly defaultHost: HostPort
  /** The settings that are the same for every host, with every part written, so that nothing leaks in from the environment. */
  readonly settings: (credentials: Credentials, target: ServerTarget) => Record<string, unknown>
  /** The settings of one host. */
  readonly address: (host: HostPort) => Record<string, unknown>
  /** The settings of one way to encrypt. */
  readonly tls: (attempt: TlsAttempt, files: TlsFiles, host: string) => Record<string, unknown>
  /** The bound of one attempt, in the driver's own word. */
  readonly timeout: (milliseconds: number) => Record<string, unknown>
  /** Whether plain text may be tried after TLS failed in this way, where the mode allows plain text at all. */
  readonly retriesPlain: (code: string, message: string) => boolean
  readonly statusSql: string
  readonly readStatus: (response: unknown) => ServerStatus
  /** The socket that the driver is to use. */
  readonly socket: (host: HostPort) => Socket
}

/** The servers by the dialect that a URL names. */
export const serverDialects: Readonly<Record<ServerTarget['dialect'], ServerDialect>> = {
  postgres,
  cockroachdb,
  mysql,
}
