import type { Refusal } from '../errors/refusal.ts'

const backendAway = {
  is: 'refused',
  message: '{target} is a pooler that cannot reach its own server: {words}',
  hint: 'Look at the database server behind the pooler, and at how the pooler logs in to it. It is tried again by itself.',
} as const

const tlsRequired = { is: 'tls-required' } as const

const projectMissing = {
  is: 'user-missing',
  message: '{target} cannot tell from the user name which project is meant.',
  hint: 'Write the user as postgres.<project-ref>, as the dashboard shows it for the pooler.',
} as const

const full = { is: 'too-many-connections' } as const

/**
 * What poolers say to a client (their sources: PgBouncer, Supavisor, Odyssey, pgcat, PgDog). Most say it with a code that means nothing:
 * 08P01, XX000, 58000.
 */
export const poolerErrors: readonly Refusal[] = [
  // PgBouncer. Its server's own refusal follows "cached error".
  {
    says: /cached error: .*(password authentication|authentication failed|role .* does not exist)/,
    is: 'auth-failed',
    message: '{target} is a pooler whose own login at the server fails.',
    hint: 'Check the user and the password that the pooler has for the server.',
  },
  {
    says: /(?:cached error: .*)?database "(?<database>[^"]+)" does not exist/,
    is: 'database-missing',
    hint: 'Create it, with CREATE DATABASE "{database}"; or correct its name at the end of the URL.',
  },
  {
    says: /cached error: .*(too many connections|too many clients|slots are reserved)/,
    ...full,
    hint: 'The server behind the pooler is full: lower the pool size of the pooler, or raise max_connections.',
  },
  { says: /cached error: .*(starting up|recovery mode)/, is: 'server-starting' },
  { says: /cached error: .*shutting down/, is: 'server-shutting-down' },
  {
    says: /server_login_retry|server login has been failing|login rejected|client_login_timeout \(server down\)|server conn crashed|cannot connect to server|^connect failed|server down/,
    ...backendAway,
  },
  {
    says: /^no such database: (?<database>.+)/,
    is: 'database-missing',
    hint: 'Add "{database}" to the [databases] of pgbouncer.ini, or correct its name at the end of the URL.',
  },
  {
    says: /^no such user/,
    is: 'user-missing',
    hint: 'Add the user to the auth_file of PgBouncer (userlist.txt), or have it looked up with auth_query.',
  },
  {
    says: /unsupported startup parameter(?: in options)?: (?<parameter>[\w.-]+)/,
    is: 'invalid-parameter',
    hint: 'Remove it from the URL, name it in ignore_startup_parameters of the pooler, or connect without the pooler.',
  },
  {
    says: /unsupported (?<parameter>options) startup parameter/,
    is: 'invalid-parameter',
    hint: 'Remove it from the URL, name it in ignore_startup_parameters of the pooler, or connect without the pooler.',
  },
  {
    says: /max_client_conn|client connections exceeded|no memory for pool|resources exhaustion/,
    ...full,
    hint: 'The pooler takes no more clients: raise its max_client_conn, or lower the pool size (connection_limit in the URL).',
  },
  {
    says: /^query_wait_timeout/,
    ...full,
    message:
      '{target} is a pooler that had no server connection free in time: all are in use, or its server is away.',
    hint: 'The pooler had no server connection free in time: raise its default_pool_size, look for long transactions, or see whether its server is there.',
  },
  { says: /^client[ _]login[ _]timeout/, is: 'connect-timeout' },
  { says: /^(suspend|client_idle)_timeout/, is: 'refused' },
  { says: /^database "?(?<database>[^"]+)"? is (disabled|paused)/, ...backendAway },
  { says: /^(SSL|TLS connection|TLS|SSL\/TLS) (is )?required|^only TLS connections/, ...tlsRequired },
  { says: /^(pooler|server) (is )?shutting down/, is: 'server-shutting-down' },
  {
    says: /^not allowed$/,
    is: 'access-denied',
    message: '{target} is the console of PgBouncer, and the user is none of its administrators.',
    hint: 'Write the database that is meant at the end of the URL; for the console, add the user to admin_users or stats_users of pgbouncer.ini.',
  },
  {
    says: /^(unix socket )?login rejected/,
    is: 'host-not-allowed',
    hint: "Add a rule to the pooler's own pg_hba.conf (auth_hba_file).",
  },
  {
    says: /^(SASL|PAM|LDAP|certificate|password|"") authentication failed$|empty password returned/i,
    is: 'auth-failed',
  },
  {
    says: /no authentication method is found|invalid SASL authentication mechanism|wrong password type/,
    is: 'auth-method',
  },
  // Supavisor
  {
    says: /EMAXCONNSESSION|max clients reached in session mode/i,
    ...full,
    hint: 'In session mode each client holds a connection of its own: use the transaction mode (port 6543), or lower the pool size (connection_limit in the URL).',
  },
  {
    says: /\(EMAX\w*|max (client|proxy) connections reached|max clients reached|max pools count|ECHECKOUTTIMEOUT|unable to check out/i,
    ...full,
  },
  { says: /EINVALIDUSERINFO|ENOIDENTIFIER|no tenant identifier/, ...projectMissing },
  { says: /reason: "(?<reason>Invalid format for user or db_name)"/, ...projectMissing },
  {
    says: /\(ENOTFOUND\)|tenant\/user .* not found|Tenant or user not found/i,
    is: 'user-missing',
    hint: 'Write the user as postgres.<project-ref>, and the host of the pooler as the dashboard shows it: another region does not know the project.',
  },
  { says: /user not found in the database/, is: 'user-missing' },
  { says: /\(ESSLREQUIRED\)|SSL connection is required/i, ...tlsRequired },
  {
    says: /address not in tenant allow_list: (?<host>.+)|EADDRNOTALLOWED/,
    is: 'host-not-allowed',
    hint: 'Add the address {host} to the network restrictions of the project.',
  },
  {
    says: /circuit breaker open.*auth|too many authentication failures/i,
    is: 'auth-failed',
    message: '{target} is closed for a while, after too many failed logins.',
    hint: 'Correct the user or the password, then wait: it opens by itself.',
  },
  { says: /\(EAUTHTIMEOUT\)/, is: 'connect-timeout' },
  { says: /tenant is banned/, is: 'access-denied', hint: 'Ask the provider why.' },
  {
    says: /ECIRCUITBREAKER|circuit breaker open|\(ESUBSCRIBERETRIES\)|^Failed to connect to database|connection to database (closed|not available)|DbHandler exited|pool (is )?terminating|processes .* not found|check out a connection after|authentication (query|secrets)/i,
    ...backendAway,
  },
  // Odyssey
  {
    says: /user blocked/,
    is: 'access-denied',
    message: '{target} blocks the user, or does not know the database.',
    hint: 'Look at the route of this user and database in odyssey.conf.',
  },
  {
    says: /route for '(?<database>[^.']*).*' is not found|client routing failed/,
    is: 'database-missing',
    hint: 'Add a route for this database and user to odyssey.conf, or correct the URL.',
  },
  { says: /odyssey: .*incorrect user/, is: 'user-missing' },
  { says: /host based authentication rejected/, is: 'host-not-allowed' },
  { says: /odyssey: .*(SSL is|TLS connection) required/, ...tlsRequired },
  { says: /too many (active clients|client tcp connections|tcp connections)/, ...full },
  { says: /can't find suitable host for tsa/, is: 'no-suitable-host' },
  {
    says: /failed to (get|connect to) remote server|remote server .*(error|buffer)|soft (oom|out of memory)/,
    ...backendAway,
  },
  // pgcat
  {
    says: /No pool configured for database: "?(?<database>[^",]+)/,
    is: 'database-missing',
    hint: 'Add a pool for the database "{database}" and this user to pgcat.toml, or correct the URL.',
  },
  {
    says: /Pool down for database|could not get connection from the pool|AllServersDown|checkout failure limit/,
    ...backendAway,
  },
]
