import type { Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { HostPort, Parameters, ServerTarget } from '../../url/target.ts'
import type { ParameterRules } from './parameters.ts'

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

/** What the URL names for TLS, read: in the words of Node's TLS. */
export type TlsMaterial = Pick<
  SecureContextOptions,
  'ca' | 'cert' | 'key' | 'crl' | 'minVersion' | 'maxVersion'
>

/** The login, with every part written. */
export interface Credentials {
  readonly user: string
  readonly password: string
  readonly database: string | undefined
}

/** A host, and where it is dialed: the same, unless the URL gives its address apart (`hostaddr`). */
export interface DialHost extends HostPort {
  readonly address: string
}

/** What differs between the servers. */
export interface ServerDialect {
  /** As people write it. */
  readonly name: string
  readonly knexClient: string
  readonly driver: 'pg' | 'mysql2'
  /** The default host where the URL names none. */
  readonly defaultHost: HostPort
  /** What each known parameter of a URL does. */
  readonly parameters: ParameterRules
  /**
   * The settings that are the same for every host, with every part written, so that nothing leaks in from the environment.
   * `mapped`: those that the parameters stand for.
   */
  readonly settings: (
    credentials: Credentials,
    target: ServerTarget,
    mapped: Readonly<Record<string, unknown>>,
  ) => Record<string, unknown>
  /** How the driver is told a password. */
  readonly passwordSetting: (password: string) => unknown
  /** The settings of one host. */
  readonly address: (host: HostPort) => Record<string, unknown>
  /** The settings of one way to encrypt. */
  readonly tls: (attempt: TlsAttempt, material: TlsMaterial) => Record<string, unknown>
  /** The bound of one attempt, in the driver's own word. */
  readonly timeout: (milliseconds: number) => Record<string, unknown>
  /** Whether plain text may be tried after TLS failed in this way, where the mode allows plain text at all. */
  readonly retriesPlain: (code: string, message: string) => boolean
  /** A statement that each new connection begins with. */
  readonly sessionSql?: (params: Parameters) => string | undefined
  /** Whether a server that answers serves at all: what to ask it, and how to read what it says. */
  readonly readiness?: { readonly sql: string; readonly isReady: (response: unknown) => boolean }
  readonly statusSql: string
  readonly readStatus: (response: unknown) => ServerStatus
  /** Puts the `guard` of a connection's settings between the driver and the server. */
  readonly guardDriver: (driver: unknown) => unknown
  /** The socket that the driver is to use. */
  readonly socket: (host: DialHost, params: Parameters) => Socket
}
