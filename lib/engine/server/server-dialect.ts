import type { Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import type { DialHost } from '../../url/dial-hosts.ts'
import type { ServerKind } from '../../url/dialects/kind.ts'
import type { ServerSettings } from '../../url/settings.ts'
import type { HostPort } from '../../url/target.ts'
import type { TransactionRules } from '../guard-transactions.ts'
import type { RawConnection } from '../knex-client.ts'

/** What a server says of itself. */
export interface ServerStatus {
  readonly version: string
  /** Whether a write would be refused. */
  readonly readOnly: boolean
  /** Whether it follows another server. */
  readonly standby: boolean
}

/** Which of its backends a server gave a connection; `server` tells servers behind one address apart. */
export interface Backend {
  readonly id: number
  readonly server: string
  /** When it began, which tells it from a later one of the same number. Absent where the server does not say. */
  readonly since?: string
}

/** How a server is asked what it does for its connections. */
export interface BackendQuestions {
  /** Asks a new connection which backend it has. */
  readonly identitySql: string
  readonly readIdentity: (response: unknown) => Backend
  /** The same number as the driver was told at the login: behind a pooler it is another one. */
  readonly idOf: (connection: RawConnection) => unknown
  /** Asks, over one connection, for the backends of others. */
  readonly listSql: (ids: readonly number[]) => string
  /**
   * Statements that end a backend, and so roll back what is open on it; not a later one of the same number.
   *
   * @param silentMs - for how long nothing came from it, in milliseconds.
   */
  readonly endSql: (backend: Backend, silentMs: number) => readonly string[]
  /** What is not in the list is gone. */
  readonly readList: (response: unknown) => ReadonlyMap<number, 'working' | 'idle'>
}

/** TLS as a driver's option: `none` is plain text. */
export type TlsAttempt = 'none' | 'unverified' | 'verify-ca' | 'verify-full'

/** What the URL names for TLS, read: in the words of Node's TLS. */
export type TlsMaterial = Pick<
  SecureContextOptions,
  'ca' | 'cert' | 'key' | 'crl' | 'minVersion' | 'maxVersion'
>

/** The login, with every part written but the password. */
export interface Login {
  readonly user: string
  readonly database: string | undefined
}

/** What differs between the servers. */
export interface ServerDialect {
  /** What is known without a driver. */
  readonly kind: ServerKind
  readonly knexClient: string
  readonly driver: 'pg' | 'mysql2'
  /**
   * The settings that are the same for every host, with every part written, so that nothing leaks in from the environment. The password is not
   * among them: what lives as long as the pool can be printed.
   */
  readonly driverSettings: (login: Login, said: ServerSettings) => Record<string, unknown>
  /** What knex's schema builder alone reads of the settings of a connection, where a URL does not say it. */
  readonly schemaSettings?: object
  /** How the driver is told a password. */
  readonly passwordSetting: (password: string) => unknown
  /** The settings of one host. */
  readonly addressSettings: (host: HostPort) => Record<string, unknown>
  /** The settings of one way to encrypt. */
  readonly tlsSettings: (attempt: TlsAttempt, material: TlsMaterial) => Record<string, unknown>
  /** The socket that the driver is to use. */
  readonly openSocket: (host: DialHost, said: ServerSettings) => Socket
  /** Whether a server offers encryption, where that can be asked without logging in. */
  readonly offersTls?: (socket: Socket, to: HostPort, timeoutMs: number) => Promise<boolean>
  /** A statement that each new connection begins with. */
  readonly sessionSql?: (said: ServerSettings) => string | undefined
  /** Whether plain text may be tried after TLS failed in this way, where the mode allows plain text at all. */
  readonly retriesPlain: (code: string, message: string) => boolean
  /** Whether a server that answers serves at all: what to ask it, and how to read what it says. */
  readonly readiness?: { readonly sql: string; readonly isReady: (response: unknown) => boolean }
  /** Sends a statement, and returns what the driver makes of the answer. */
  readonly query: (connection: RawConnection, sql: string) => Promise<unknown>
  /** Whether a statement on it waits for its answer. */
  readonly isWaiting: (connection: RawConnection) => boolean
  readonly backends?: BackendQuestions
  readonly statusSql: string
  readonly readStatus: (response: unknown) => ServerStatus
  /** Puts the `guard` of a connection's settings between the driver and the server. */
  readonly guardDriver: (driver: unknown) => unknown
  readonly transactions: TransactionRules
}
