import type { Refusal } from './refusal.ts'

/** Errors that come without a code, as the drivers and knex write them. */
export const driverErrors: readonly Refusal[] = [
  { says: /server does not support (SSL|secure) connection/i, is: 'tls-not-supported' },
  {
    says: /error establishing an SSL connection|Received unexpected|invalid response|Unexpected packet/i,
    is: 'not-a-database-server',
  },
  { says: /^Query read timeout/, is: 'query-failed' },
  { says: /pool is probably full/, is: 'pool-exhausted' },
  { says: /timeout expired|due to connection timeout|timeout exceeded/i, is: 'connect-timeout' },
  {
    says: /Unknown authenticationOk message type (?:7|8|9)$/,
    is: 'auth-method',
    hint: 'The server wants GSSAPI or SSPI, which pg does not know: choose scram-sha-256 in pg_hba.conf.',
  },
  {
    says: /Unknown authenticationOk message type|unknown authentication|Only mechanism|No supported .*mechanism|SCRAM-SHA-256.* (?:only|supported)/i,
    is: 'auth-method',
    hint: 'The server wants a method that pg does not know: choose scram-sha-256 in pg_hba.conf.',
  },
  { says: /^SASL|client password must be/i, is: 'auth-failed' },
  {
    says: /Connection terminated|not queryable|Connection lost|closed state|connection error/i,
    is: 'connection-lost',
  },
  { says: /directory does not exist/, is: 'sqlite-directory-missing' },
  {
    says: /Unable to acquire a connection|connection is not open|Database( handle)? is closed|aborted$/i,
    is: 'closed',
  },
  { says: /Cannot find module|Cannot find package/, is: 'driver-missing' },
]
