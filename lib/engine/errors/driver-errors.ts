import type { Refusal } from './refusal.ts'

/** An answer that is none. */
export const unreadable = {
  is: 'not-a-database-server',
  message: '{target} sent something that cannot be read.',
} as const

/** Errors that come without a code, as the drivers and knex write them. */
export const driverErrors: readonly Refusal[] = [
  {
    says: /^the server sent an error before encryption began$/,
    is: 'refused',
    message: '{target} answered the request for encryption with an error, which nobody could check.',
    hint: 'It may be full, or starting: look at the log of the server, or of the pooler before it. {advice}',
  },
  {
    says: /^could not fork new process for connection/,
    is: 'too-many-connections',
    message: '{target} could not start a process for one more connection.',
  },
  { says: /server does not support (SSL|secure) connection/i, is: 'tls-not-supported' },
  {
    says: /error establishing an SSL connection|Received unexpected|invalid response|Unexpected packet/i,
    is: 'not-a-database-server',
  },
  {
    says: /^Query (read|inactivity) timeout|^Defined query timeout of/,
    is: 'query-failed',
    message: '{target} did not answer a query in the time that it was given.',
    hint: 'Make it faster, or raise that time (query_timeout of pg, timeout of mysql2, .timeout() of knex).',
  },
  { says: /pool is probably full|^Queue limit reached|^No connections available/, is: 'pool-exhausted' },
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
  {
    says: /client password must be/i,
    is: 'auth-failed',
    message: '{target} asks for a password, and there is none.',
    hint: 'Write the password into the URL, percent-encoded. {advice}',
  },
  {
    says: /server returned error: "(?<reason>[^"]*channel.binding[^"]*)"/,
    is: 'auth-method',
    message: '{target} could not bind the login to the encrypted channel.',
    hint: 'Leave channel_binding=require out, and look for a proxy that ends TLS on the way.',
  },
  // Nobody says more of what was wrong with a login by SCRAM.
  { says: /SCRAM-SERVER-FINAL-MESSAGE: server returned error/, is: 'auth-failed' },
  {
    says: /server signature does not match/,
    is: 'auth-failed',
    message: '{target} could not prove that it knows the password.',
    hint: 'Check that it is the server that it should be, and the password. {advice}',
  },
  {
    code: 'ERR_CHANNEL_BINDING',
    is: 'auth-method',
    message: '{target} logs in without channel binding, which the URL requires.',
    hint: 'Use scram-sha-256 over TLS at the server and no proxy that ends TLS, or leave channel_binding=require out.',
  },
  {
    code: 'ERR_SERVER_FLOOD',
    is: 'not-a-database-server',
    message: '{target} sent more than 256 KB before the login, as no {dialect} server does.',
  },
  { code: 'ERR_SERVER_MESSAGE', ...unreadable },
  { says: /^Should not reach here|^Malformed|value of .* out of range/i, ...unreadable },
  { says: /^SASL/, is: 'not-a-database-server' },
  {
    says: /Connection terminated|not queryable|Connection lost|closed state|connection error/i,
    is: 'connection-lost',
  },
  { says: /directory does not exist/, is: 'sqlite-directory-missing' },
  {
    says: /Unable to acquire a connection|connection is not open|Pool is closed|after calling end on the pool|Database( handle)? is closed|aborted$/i,
    is: 'closed',
  },
  { says: /Cannot find module|Cannot find package/, is: 'driver-missing' },
]
