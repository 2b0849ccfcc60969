import type { serverProblems } from '../../problem/server-problems.ts'
import type { sqliteProblems } from '../../problem/sqlite-problems.ts'

/** The codes that an error of a driver can become. */
export type ConnectionCode = keyof typeof serverProblems | keyof typeof sqliteProblems

/** What a code means, or, where its message decides, what each pattern of it means; the first that matches wins. */
export type Meaning = ConnectionCode | readonly (readonly [RegExp, ConnectionCode])[]

/** Codes of Node's sockets, resolver and TLS. */
export const networkRules: Readonly<Record<string, Meaning>> = {
  ENOTFOUND: 'host-not-found',
  EAI_AGAIN: 'host-not-found',
  EAI_FAIL: 'host-not-found',
  ECONNREFUSED: 'connection-refused',
  ENOENT: [[/\bconnect\b/, 'connection-refused']],
  EACCES: [[/\bconnect\b/, 'connection-refused']],
  EINVAL: [[/\bconnect\b/, 'connection-refused']],
  ETIMEDOUT: 'connect-timeout',
  ENETUNREACH: 'network-unreachable',
  EHOSTUNREACH: 'network-unreachable',
  ENETDOWN: 'network-unreachable',
  EADDRNOTAVAIL: 'network-unreachable',
  ECONNRESET: 'connection-lost',
  ECONNABORTED: 'connection-lost',
  EPIPE: 'connection-lost',
  ERR_STREAM_DESTROYED: 'connection-lost',
  ERR_STREAM_WRITE_AFTER_END: 'connection-lost',
  EPROTO: 'not-a-database-server',
  ERR_SSL_WRONG_VERSION_NUMBER: 'not-a-database-server',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'not-a-database-server',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-untrusted-certificate',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-untrusted-certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-untrusted-certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-untrusted-certificate',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-untrusted-certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-untrusted-certificate',
  // The server refused the certificate of this side.
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'auth-failed',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'auth-failed',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'auth-failed',
  CERT_SIGNATURE_FAILURE: 'tls-untrusted-certificate',
  CERT_HAS_EXPIRED: 'tls-untrusted-certificate',
  CERT_NOT_YET_VALID: 'tls-untrusted-certificate',
  CERT_UNTRUSTED: 'tls-untrusted-certificate',
  CERT_REVOKED: 'tls-untrusted-certificate',
  INVALID_CA: 'tls-untrusted-certificate',
  HOSTNAME_MISMATCH: 'tls-untrusted-certificate',
  MODULE_NOT_FOUND: 'driver-missing',
  ERR_UNKNOWN_BUILTIN_MODULE: 'driver-missing',
  ERR_DLOPEN_FAILED: 'driver-broken',
}

/** PostgreSQL's SQLSTATE codes (PostgreSQL documentation, appendix A), and CockroachDB's, which are the same. */
export const postgresRules: Readonly<Record<string, Meaning>> = {
  '28P01': 'auth-failed',
  '28000': [
    [/role .* does not exist/, 'user-missing'],
    [/no encryption|SSL off/i, 'tls-required'],
    [/./, 'auth-failed'],
  ],
  '3D000': 'database-missing',
  '53300': 'too-many-connections',
  '57P01': 'server-shutting-down',
  '57P02': 'server-shutting-down',
  '57P03': [
    [/shutting down/, 'server-shutting-down'],
    [/./, 'server-starting'],
  ],
  '57P05': 'connection-lost',
  '25006': 'read-only',
  '25P03': 'connection-lost',
  '08000': 'connection-lost',
  '08003': 'connection-lost',
  '08006': 'connection-lost',
  '08001': 'connection-refused',
  '08004': 'connection-refused',
  '08P01': 'not-a-database-server',
  XX000: [[/tenant or user not found/i, 'user-missing']],
}

/** mysql2's and the server's own names (MySQL and MariaDB error references). */
export const mysqlRules: Readonly<Record<string, Meaning>> = {
  ER_ACCESS_DENIED_ERROR: 'auth-failed',
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: 'auth-failed',
  ER_ACCESS_DENIED_CHANGE_USER_ERROR: 'auth-failed',
  ER_DBACCESS_DENIED_ERROR: 'auth-failed',
  ER_NOT_SUPPORTED_AUTH_MODE: 'auth-failed',
  AUTH_SWITCH_PLUGIN_ERROR: 'auth-failed',
  ER_HOST_NOT_PRIVILEGED: 'auth-failed',
  ER_HOST_IS_BLOCKED: 'auth-failed',
  ER_ACCOUNT_HAS_BEEN_LOCKED: 'auth-failed',
  ER_MUST_CHANGE_PASSWORD_LOGIN: 'auth-failed',
  ER_BAD_DB_ERROR: 'database-missing',
  ER_CON_COUNT_ERROR: 'too-many-connections',
  ER_TOO_MANY_USER_CONNECTIONS: 'too-many-connections',
  ER_USER_LIMIT_REACHED: 'too-many-connections',
  ER_SERVER_SHUTDOWN: 'server-shutting-down',
  ER_NORMAL_SHUTDOWN: 'server-shutting-down',
  ER_CONNECTION_KILLED: 'connection-lost',
  ER_CLIENT_INTERACTION_TIMEOUT: 'connection-lost',
  ER_READ_ONLY_MODE: 'read-only',
  ER_OPTION_PREVENTS_STATEMENT: [[/read-only/i, 'read-only']],
  ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION: 'read-only',
  ER_SECURE_TRANSPORT_REQUIRED: 'tls-required',
  ER_UNKNOWN_COM_ERROR: [[/WSREP/, 'server-starting']],
  PROTOCOL_CONNECTION_LOST: 'connection-lost',
  PROTOCOL_PACKETS_OUT_OF_ORDER: 'not-a-database-server',
  PROTOCOL_UNEXPECTED_PACKET: 'not-a-database-server',
  HANDSHAKE_NO_SSL_SUPPORT: 'tls-not-supported',
  HANDSHAKE_SSL_ERROR: 'tls-untrusted-certificate',
  HANDSHAKE_UNKNOWN_ERROR: 'not-a-database-server',
}

/** SQLite's result codes, without their extension (SQLite documentation, "Result and Error Codes"). */
export const sqliteRules: Readonly<Record<string, Meaning>> = {
  SQLITE_CANTOPEN: 'sqlite-cannot-open',
  SQLITE_PERM: 'sqlite-cannot-open',
  SQLITE_AUTH: 'sqlite-cannot-open',
  SQLITE_IOERR: 'sqlite-cannot-open',
  SQLITE_READONLY: 'sqlite-read-only',
  SQLITE_FULL: 'sqlite-full',
  SQLITE_CORRUPT: 'sqlite-corrupt',
  SQLITE_NOTADB: 'sqlite-not-a-database',
  SQLITE_BUSY: 'sqlite-busy',
  SQLITE_LOCKED: 'sqlite-busy',
  SQLITE_PROTOCOL: 'sqlite-busy',
  SQLITE_MISUSE: [[/closed/i, 'closed']],
}

/** Messages of errors that come without a code, as the drivers write them. */
export const messageRules: readonly (readonly [RegExp, ConnectionCode])[] = [
  [/server does not support (SSL|secure) connection/i, 'tls-not-supported'],
  [
    /error establishing an SSL connection|Received unexpected|invalid response|Unexpected packet/i,
    'not-a-database-server',
  ],
  [/^Query read timeout/, 'query-failed'],
  [/pool is probably full/, 'pool-exhausted'],
  [/timeout expired|due to connection timeout|timeout exceeded/i, 'connect-timeout'],
  [/^SASL|client password must be|unknown authentication/i, 'auth-failed'],
  [/Connection terminated|not queryable|Connection lost|closed state|connection error/i, 'connection-lost'],
  [/directory does not exist/, 'sqlite-directory-missing'],
  [/Unable to acquire a connection|connection is not open|Database( handle)? is closed|aborted$/i, 'closed'],
  [/Cannot find module|Cannot find package/, 'driver-missing'],
]
