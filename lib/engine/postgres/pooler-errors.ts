import type { Refusal } from '../errors/refusal.ts'
import { otherPoolerErrors } from './other-pooler-errors.ts'
import { backendAway, full, poolerRefuses, tlsRequired } from './meanings.ts'
import { supavisorErrors } from './supavisor-errors.ts'

/** What PgBouncer says (its source). Most comes with 08P01; its server's own refusal follows "cached error". */
const pgbouncerErrors: readonly Refusal[] = [
  {
    says: /cached error: .*(authentication failed|role .* (does not exist|is not permitted to log in)|server login failed: )/,
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
    says: /cached error: .*(too many connections|too many clients|slots are reserved|no more connections)/,
    ...full,
    hint: 'The server behind the pooler is full: lower the pool size of the pooler, or raise max_connections.',
  },
  {
    says: /cached error: .*(starting up|recovery mode|not yet accepting connections)/,
    is: 'server-starting',
  },
  {
    says: /cached error: .*(shutting down|administrator command|postmaster exit)/,
    is: 'server-shutting-down',
  },
  {
    says: /server_login_retry|server login has been failing/,
    ...backendAway,
    message: '{target} is a pooler that cannot log in to its own server: {words}',
  },
  {
    says: /client_login_timeout \(server down\)|server conn crashed|cannot connect to server|^connect failed|server down/,
    ...backendAway,
  },
  {
    says: /^no such database: (?<database>.+)/,
    is: 'database-missing',
    hint: 'Add "{database}" to the [databases] of pgbouncer.ini, or correct its name at the end of the URL.',
  },
  {
    says: /^no such user\/database: (?<both>.+)/,
    is: 'user-missing',
    message: 'There is no such user for this database at {target}.',
    hint: 'Add the two, "{both}", to users.toml and pgdog.toml, or correct the URL.',
  },
  {
    says: /^no such user/,
    is: 'user-missing',
    hint: 'Add the user to the auth_file of PgBouncer (userlist.txt), or have it looked up with auth_query.',
  },
  {
    says: /unsupported startup parameter(?: in options)?: (?<parameter>[\w.-]*\w)/,
    is: 'invalid-parameter',
    hint: 'Remove it from the URL, name it in ignore_startup_parameters of the pooler, or connect without the pooler.',
  },
  {
    says: /unsupported (?<parameter>options) startup parameter/,
    is: 'invalid-parameter',
    hint: 'Remove it from the URL, name it in ignore_startup_parameters of the pooler, or connect without the pooler.',
  },
  {
    says: /^(?:no more connections allowed|client connections exceeded) \((?<limit>max_\w+)\)/,
    ...full,
    hint: 'The pooler takes no more clients: raise its {limit}, or lower the pool size (connection_limit in the URL).',
  },
  {
    says: /max_client_conn|client connections exceeded|no memory for (authentication )?pool|resources exhaustion/,
    ...full,
    hint: 'The pooler takes no more clients: raise its max_client_conn, or lower the pool size (connection_limit in the URL).',
  },
  {
    says: /^no username supplied/,
    is: 'user-missing',
    message: '{target} was given no user name.',
    hint: 'Write the user name into the URL.',
  },
  {
    says: /^username too long/,
    is: 'user-missing',
    message: '{target} is a pooler, and the user name is too long for it.',
    hint: 'Look whether the whole name is meant: PgBouncer takes up to 127 bytes.',
  },
  {
    says: /^password too long/,
    is: 'auth-failed',
    message: '{target} is a pooler, and the password is too long for it.',
    hint: 'Update the pooler, as tokens of a cloud need, or set a shorter password.',
  },
  {
    says: /auth_ldap_options is null|ldap is not supported by this build/,
    is: 'auth-method',
    message: '{target} is a pooler that asks for LDAP, and is not made or set up for it.',
    hint: 'Set auth_ldap_options of PgBouncer, use a build with LDAP, or choose another auth_type.',
  },
  { says: /^bouncer config error|^admin forced disconnect|^old V2 protocol/, ...poolerRefuses },
  {
    says: /^query_wait_timeout/,
    ...full,
    message:
      '{target} is a pooler that had no server connection free in time: all are in use, or its server is away.',
    hint: 'The pooler had no server connection free in time: raise its default_pool_size, look for long transactions, or see whether its server is there.',
  },
  {
    says: /^(idle transaction|transaction|query)[ _]timeout$/,
    afterLogin: true,
    is: 'connection-lost',
    message: '{target} is a pooler that ended the connection: {words}',
  },
  { says: /^client[ _]login[ _]timeout/, is: 'connect-timeout' },
  { says: /^(suspend|client_idle)_timeout/, is: 'refused' },
  { says: /^database "?(?<database>[^"]+)"? is (disabled|paused)/, ...backendAway },
  { says: /TLS connection required but server does not support TLS/, ...backendAway },
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
    says: /^certificate authentication failed$/,
    is: 'auth-failed',
    message: "{target} is a pooler that did not take the client's certificate, or asks for one.",
    hint: 'Name a certificate of this user, and its key, with sslcert=… and sslkey=…',
  },
  {
    says: /^(SASL|PAM|LDAP|password|"") authentication failed$|empty password returned/i,
    is: 'auth-failed',
  },
  {
    says: /no authentication method is found|(invalid|unsupported) SASL auth\w+ mechanism|wrong password type/,
    is: 'auth-method',
  },
]

/** What poolers say to a client. Most say it with a code that means nothing. */
export const poolerErrors: readonly Refusal[] = [...pgbouncerErrors, ...supavisorErrors, ...otherPoolerErrors]
