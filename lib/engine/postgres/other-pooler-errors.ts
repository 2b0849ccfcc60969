import type { Refusal } from '../errors/refusal.ts'
import { backendAway, full, tlsRequired } from './meanings.ts'

/** What Odyssey, pgcat, PgDog and Pgpool-II say (their sources). Most comes with 58000. */
export const otherPoolerErrors: readonly Refusal[] = [
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
  { says: /odyssey: .*failed to make auth query/, ...backendAway },
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
  // pg_doorman
  {
    says: /^Connection (?:with scram password )?from (?:IP address )?(?<host>[\w.:]+) to .* is not permitted by HBA/,
    is: 'host-not-allowed',
    hint: 'Add a rule for the address {host} to the hba settings of the pooler.',
  },
  { says: /^Unable to retrieve server parameters/, ...backendAway },
  // pgagroal
  {
    says: /^no pgagroal_hba\.conf entry for host "(?<host>[^"]*)", user "(?<user>[^"]*)", database "(?<database>[^"]*)"/,
    is: 'host-not-allowed',
    hint: 'Add a line to pgagroal_hba.conf for the host {host}, the user {user} and the database {database}: so the pooler saw them.',
  },
  { says: /^unsupported security model/, is: 'auth-method' },
  { says: /^server failover$/, ...backendAway },
  // Pgpool-II
  { says: /pgpool is not accepting any new connections/, ...backendAway },
  {
    says: /failed to authenticate with backend|^backend authentication failed|authentication packet from backend/,
    is: 'auth-failed',
    message: '{target} is a pooler whose own login at the server fails.',
    hint: 'Check pool_passwd and the pool_key of Pgpool-II, and that all servers have one method for this user.',
  },
  { says: /^(SCRAM|md5|clear text password) authentication failed$/, is: 'auth-failed' },
  {
    says: /^SSL certificate authentication (required|for user "" failed)$/,
    is: 'auth-failed',
    message: "{target} is a pooler that did not take the client's certificate, or asks for one.",
    hint: 'Name a certificate of this user, and its key, with sslcert=… and sslkey=…',
  },
  { says: /^LDAP login failed for user/, is: 'auth-failed' },
  {
    says: /^client authentication failed$|^authentication with pgpool failed for user "" rejected$/,
    is: 'host-not-allowed',
    hint: 'Add a line to pool_hba.conf of Pgpool-II for this host, user and database.',
  },
  // PgDog
  {
    says: /^password for user "[^"]*" and database "(?<database>[^"]*)" is wrong/,
    is: 'auth-failed',
    message: '{target} refused the user name or the password, or does not know the database.',
    hint: 'Check all three, and that users.toml of the pooler has this user for the database "{database}".',
  },
  { says: /checkout timeout/, ...full },
  {
    says: /^no primary|: no primary$/,
    is: 'no-suitable-host',
    message: '{target} is a pooler that has no primary now.',
    hint: 'Look at the servers behind the pooler. It is tried again by itself.',
  },
  {
    says: /connection pool for user "" and database "" is down|pool is (banned|shut down|not healthy)|all replicas down|^(cluster start timeout|cluster not connected|no cluster connected|no replicas)/,
    ...backendAway,
  },
]
