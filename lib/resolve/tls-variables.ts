/** What asks for encryption beside a whole URL, in programs that read the parts of an address from variables with this prefix. */
export const tlsBesideUrl: Readonly<Record<string, string>> = tlsParameters('DATABASE_')

/** Those whose value may be about something else than encryption, or in the words of one program. */
export const looseVariables: ReadonlySet<string> = new Set([
  ...['POSTGRES_', 'MYSQL_', 'DB_', 'DATABASE_'].flatMap((prefix) => Object.keys(looseParameters(prefix))),
  ...Object.keys(tlsParameters('MARIADB_')),
  'MYSQL_ATTR_SSL_VERIFY_SERVER_CERT',
  ...['PGSSL', 'PG_SSL'].flatMap((switched) => Object.keys(besideSwitch(switched))),
])

/** What programs for Node.js read beside a switch of theirs, such as `PGSSL`, which libpq does not know. */
export function besideSwitch(switched: string): Readonly<Record<string, string>> {
  return {
    [switched]: 'ssl',
    [`${switched}_REJECT_UNAUTHORIZED`]: 'sslverifycert',
    [`${switched}_CA`]: 'sslrootcert',
  }
}

/** What asks for encryption beside the parts of an address, as parameters by their variables. */
export function tlsParameters(prefix: string): Readonly<Record<string, string>> {
  const parameters = {
    SSLMODE: 'sslmode',
    SSL_MODE: 'sslmode',
    SSL: 'ssl',
    TLS: 'tls',
    USE_SSL: 'usessl',
    REQUIRE_SSL: 'requiressl',
    SSL_ENABLED: 'sslenabled',
    SSL_REQUIRED: 'sslrequired',
    SSL_REJECT_UNAUTHORIZED: 'rejectUnauthorized',
    SSLROOTCERT: 'sslrootcert',
    SSL_CA: 'sslrootcert',
    TLS_CA: 'sslrootcert',
    SSL_CERT: 'sslcert',
    SSL_KEY: 'sslkey',
  }
  return { ...withPrefix(prefix, parameters), ...looseParameters(prefix) }
}

function looseParameters(prefix: string): Readonly<Record<string, string>> {
  return withPrefix(prefix, {
    TLS_ENABLED: 'tlsenabled',
    TLS_MODE: 'tlsmode',
    USE_TLS: 'usetls',
    FORCE_SSL: 'forcessl',
    ENABLE_SSL: 'enablessl',
    ENABLE_TLS: 'enabletls',
    ENCRYPT: 'encrypt',
    SSL_VERIFY: 'sslverify',
    VERIFY_SSL: 'sslverifycert',
    SSL_VERIFY_SERVER_CERT: 'sslverifyservercert',
    SSL_CA_PATH: 'sslrootcert',
    SSL_ROOT_CERT: 'sslrootcert',
    SSL_CA_CERT: 'sslrootcert',
    ROOT_CERT: 'sslrootcert',
    CA_CERT: 'sslrootcert',
    CA_CERTIFICATE: 'sslrootcert',
  })
}

function withPrefix(prefix: string, names: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(names).map(([name, parameter]) => [prefix + name, parameter]))
}
