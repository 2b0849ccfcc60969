/** Problems of a server, a driver or a connection. A row without a `reason` becomes `unreachable`. */
export const serverProblems = {
  'host-not-found': {
    retryable: true,
    message: '{target} has a host name that cannot be found.',
    hint: 'Check the spelling of the host. {advice}',
  },
  'connection-refused': {
    retryable: true,
    message: '{target} refused the connection: nothing listens there.',
    hint: 'Check host and port, and that the database server is running. {advice}',
  },
  'connect-timeout': {
    retryable: true,
    message: '{target} did not answer in time.',
    hint: 'Check firewalls and allow lists, and that the server is not paused. {advice}',
  },
  'network-unreachable': {
    retryable: true,
    message: '{target} cannot be reached from this network.',
    hint: 'Check the network, and whether the host has only an IPv6 address while this network has none. {advice}',
  },
  'port-blocked': {
    retryable: true,
    message: '{target} cannot be reached: this platform blocks its port.',
    hint: 'A Hugging Face Space reaches only the ports 80, 443 and 8080. Use a database that listens on 443, or stay on SQLite.',
  },
  'not-a-database-server': {
    retryable: true,
    message: '{target} answered, but not as a {dialect} server.',
    hint: 'Check the port: another program listens there, or a proxy closes the connection.',
  },
  'tls-required': {
    reason: 'tls',
    retryable: false,
    message: '{target} accepts only encrypted connections.',
    hint: 'Add sslmode=require to the URL, or sslmode=verify-full with sslrootcert.',
  },
  'tls-not-supported': {
    reason: 'tls',
    retryable: false,
    message: '{target} does not support encryption, and the URL asks for it.',
    hint: 'Switch TLS on at the server, or write sslmode=disable where the network is trusted.',
  },
  'tls-untrusted-certificate': {
    reason: 'tls',
    retryable: false,
    message: '{target} has a certificate that cannot be verified.',
    hint: "Name the provider's CA file with sslrootcert=…, or use sslmode=require to encrypt without checking.",
  },
  'auth-failed': {
    reason: 'auth',
    retryable: false,
    message: '{target} refused the user name or the password.',
    hint: 'Check user and password, and that special characters in them are percent-encoded. {advice}',
  },
  'user-missing': {
    reason: 'auth',
    retryable: false,
    message: '{target} does not know the user.',
    hint: 'Check the user name in the URL, or create the user. {advice}',
  },
  'database-missing': {
    reason: 'database-missing',
    retryable: false,
    message: '{target} has no database of that name.',
    hint: 'Create the database, or correct its name at the end of the URL.',
  },
  'too-many-connections': {
    retryable: true,
    message: '{target} has no free connection left.',
    hint: 'Lower the pool size (connection_limit in the URL), or use a pooler.',
  },
  'server-starting': {
    retryable: true,
    message: '{target} is still starting up.',
    hint: 'It is tried again by itself.',
  },
  'server-shutting-down': {
    retryable: true,
    message: '{target} is shutting down.',
    hint: 'It is tried again by itself.',
  },
  'read-only': {
    reason: 'read-only',
    retryable: true,
    message: '{target} takes no writes: it is read-only.',
    hint: 'Point the URL at the primary, or list all hosts with target_session_attrs=read-write.',
  },
  'connection-lost': {
    retryable: true,
    message: '{target} closed the connection.',
    hint: 'Ask again: it is unknown whether a statement in flight took effect. New connections are made by themselves.',
  },
  'pool-exhausted': {
    retryable: true,
    message: '{target} works, but all connections of the pool are in use.',
    hint: 'Look for queries or transactions that never end, or raise the pool size.',
  },
  'no-suitable-host': {
    retryable: true,
    message: '{target} has no host that fits: {hosts}.',
    hint: 'Check the hosts, and what target_session_attrs asks for.',
  },
  'driver-missing': {
    reason: 'driver',
    retryable: false,
    message: '{target} needs the package "{package}", which is not installed.',
    hint: 'Run: npm install {package}',
  },
  'driver-broken': {
    reason: 'driver',
    retryable: false,
    message: '{target} needs the package "{package}", which is installed but does not load.',
    hint: '{advice}',
  },
  'migration-failed': {
    retryable: true,
    message: '{target} is connected, but could not be prepared: {cause}.',
    hint: 'Look at the migrations: the database is used only once they succeed.',
  },
  'query-failed': {
    retryable: false,
    message: '{target} refused a query.',
    hint: 'The connection is fine. Look at the query.',
  },
  closed: {
    retryable: false,
    message: '{target} was closed by this program.',
    hint: 'Do not use the database after close(); open another one.',
  },
  'unknown-error': {
    retryable: true,
    message: '{target} failed in a way that is not known.',
    hint: 'Look at the cause. If it is common, report it, so that it gets a name.',
  },
} as const
