import { commonWords } from '../errors/common-words.ts'
import type { Refusal } from '../errors/refusal.ts'
import { poolerErrors } from './pooler-errors.ts'
import { providerErrors } from './provider-errors.ts'
import { resourceErrors, statementErrors } from './resource-errors.ts'

const away = { is: 'server-shutting-down' } as const

/** What PostgreSQL itself says (PostgreSQL documentation, appendix A, and its sources), and CockroachDB with the same codes. */
const serverErrors: readonly Refusal[] = [
  {
    code: '28000',
    says: /no pg_hba\.conf entry for .*(no encryption|SSL off)/i,
    offersTls: true,
    is: 'tls-required',
  },
  {
    code: '28000',
    says: /no pg_hba\.conf entry for (?:replication connection from )?host "(?<host>[^"]*)", user "(?<user>[^"]*)"(?:, database "(?<database>[^"]*)")?/,
    is: 'host-not-allowed',
    hint: 'Add a line to pg_hba.conf, or a rule to the firewall of the provider, for the host {host}, the user {user} and the database {database}: so the server saw them.',
  },
  {
    code: '28000',
    says: /pg_hba\.conf rejects (?:replication )?connection for host "(?<host>[^"]*)", user "(?<user>[^"]*)"(?:, database "(?<database>[^"]*)")?/,
    is: 'host-not-allowed',
    hint: 'A "reject" line of pg_hba.conf fits the host {host}, the user {user} and the database {database}, as the server saw them: put a line that lets them in before it.',
  },
  {
    code: '28000',
    says: /pg_hba\.conf/,
    is: 'host-not-allowed',
    hint: 'Add a line to pg_hba.conf, or a rule to the firewall of the provider, for what the server saw.',
  },
  { code: '28000', says: /host rejected/, is: 'host-not-allowed' },
  {
    code: '28000',
    says: /requires a valid client certificate/,
    is: 'auth-failed',
    message: "{target} asks for a client's certificate.",
    hint: 'Name the certificate and its key with sslcert=… and sslkey=…',
  },
  {
    code: '28000',
    says: /role "(?<user>[^"]*)" does not exist/,
    is: 'user-missing',
    hint: 'Check the user name in the URL, or create it: CREATE ROLE "{user}" LOGIN PASSWORD \'…\';',
  },
  { code: '28000', says: /role with OID \d+ does not exist/, is: 'user-missing' },
  {
    code: '28000',
    says: /no PostgreSQL user name specified/,
    is: 'user-missing',
    message: '{target} was given no user name.',
    hint: 'Write the user name into the URL.',
  },
  {
    code: '28000',
    says: /role "(?<user>[^"]*)" is not permitted to log in/,
    is: 'access-denied',
    message: '{target} knows the role, but it may not log in.',
    hint: 'Let it: ALTER ROLE "{user}" LOGIN;',
  },
  {
    code: '28000',
    says: /(?<user>\S+) does not have login privilege/,
    is: 'access-denied',
    message: '{target} knows the role, but it may not log in.',
    hint: 'Let it: ALTER ROLE "{user}" LOGIN;',
  },
  {
    code: '28000',
    says: /(?<method>Peer|Ident|GSSAPI|SSPI|LDAP|RADIUS|BSD|OAuth bearer|certificate) authentication failed for user "(?<user>[^"]*)"/i,
    is: 'auth-failed',
    hint: 'pg_hba.conf asks for the method "{method}" here: log in as it wants, or choose scram-sha-256 for this user.',
  },
  {
    code: '28P01 28000',
    says: /PAM authentication failed for user "(?<user>[^"]*)"/,
    is: 'auth-failed',
    hint: 'Check the password. Where it is a token of a cloud, as on RDS, take a new one for this host, port and user.',
  },
  { code: '28P01 28000', says: /password authentication failed for user/, is: 'auth-failed' },
  {
    code: '28000',
    says: /\bis locked\b/,
    is: 'access-denied',
    message: '{target} has locked the account.',
    hint: 'Have it unlocked: it was closed by hand, or after too many failed logins.',
  },
  {
    code: '28000',
    says: /does not have (the )?permission/,
    is: 'access-denied',
    message: '{target} knows the user, but it may not connect to the database.',
    hint: 'Give it the permission in the console of the provider.',
  },
  {
    code: '28000',
    says: /internal error/,
    is: 'refused',
    message: '{target} could not look the user up: {words}',
    hint: 'Look at the log of the server. It is tried again by itself.',
  },
  {
    code: '42501',
    says: /permission denied for database "?(?<database>[^"]*)"?/,
    atLogin: true,
    is: 'access-denied',
    message: '{target} knows the user, but it may not connect to the database.',
    hint: 'Let it: GRANT CONNECT ON DATABASE "{database}" TO the user of the URL. A provider also takes the permission away when a quota is used up.',
  },
  {
    code: '42501',
    says: /permission denied to set parameter "(?<parameter>[^"]+)"/,
    atLogin: true,
    is: 'invalid-parameter',
  },
  { code: '42501', says: /during database shutdown/, atLogin: true, ...away },
  {
    code: '42501',
    says: /binary upgrade mode/,
    atLogin: true,
    is: 'server-starting',
    message: '{target} is in the midst of an upgrade, and lets in nobody but its superuser.',
  },
  {
    code: '42501',
    atLogin: true,
    is: 'access-denied',
    message: '{target} knows the user, but does not let it in: {words}',
    hint: 'Grant the permission at the server. {advice}',
  },
  {
    code: '42704 22023 55P02 42601 42P02',
    says: /parameter "(?<parameter>[^"]+)"/,
    atLogin: true,
    is: 'invalid-parameter',
  },
  {
    code: '0A000',
    says: /configuration parameter "(?<parameter>[^"]+)" not supported/,
    atLogin: true,
    is: 'invalid-parameter',
  },
  {
    code: '42601 42704 22023',
    says: /command-line argument for server process: (?<parameter>\S+)/,
    atLogin: true,
    is: 'invalid-parameter',
  },
  {
    code: '42601',
    says: /(?:-c|--)(?<parameter>\S+) requires a value/,
    atLogin: true,
    is: 'invalid-parameter',
  },
  {
    code: '3D000',
    says: /database "(?<database>[^"]*)" does not exist/,
    is: 'database-missing',
    hint: 'Create it, with CREATE DATABASE "{database}"; or correct its name at the end of the URL.',
  },
  { code: '3D000 57P04', is: 'database-missing' },
  {
    code: '55000',
    says: /cannot connect to invalid database "(?<database>[^"]*)"/,
    atLogin: true,
    is: 'database-missing',
    message: '{target} has marked the database as invalid.',
    hint: 'So an interrupted DROP DATABASE leaves it. Drop it, with DROP DATABASE "{database}"; then create it again.',
  },
  {
    code: '55000',
    says: /database "(?<database>[^"]*)" is not currently accepting connections/,
    atLogin: true,
    is: 'access-denied',
    message: '{target} lets nobody connect to the database.',
    hint: 'Let them: ALTER DATABASE "{database}" ALLOW_CONNECTIONS true;',
  },
  {
    code: '53300 53400',
    says: /too many connections for (?<what>role|database) "(?<name>[^"]*)"/,
    is: 'too-many-connections',
    hint: 'Raise the limit, with ALTER {what} "{name}" CONNECTION LIMIT …; or lower the pool size (connection_limit in the URL).',
  },
  { code: '53300', is: 'too-many-connections' },
  { code: '53400', atLogin: true, is: 'too-many-connections' },
  { code: '57P03', says: /shutting down/, ...away },
  {
    code: '57P03',
    says: /database system is not accepting connections/,
    is: 'server-starting',
    message: '{target} takes no connections yet.',
    hint: 'It is tried again by itself. A standby with hot_standby = off never takes any.',
  },
  { code: '57P03', says: /starting up|recovery|not yet accepting/, is: 'server-starting' },
  // In another language, or of another server: it may as well be about to stop.
  {
    code: '57P03',
    is: 'server-starting',
    message: '{target} takes no connections now: {words}',
  },
  { code: '57P01 57P02', ...away },
  { code: '57014', says: /authentication/, needsCode: true, atLogin: true, is: 'connect-timeout' },
  {
    code: '08000 08003 08006',
    says: /timeout|terminat|clos|lost|broken/i,
    needsCode: true,
    afterLogin: true,
    is: 'connection-lost',
  },
  { code: '57P05 25P03 25P04', afterLogin: true, is: 'connection-lost' },
  { code: '25006', is: 'read-only' },
]

/** One row a message, the more telling ones first. */
export const postgresErrors: readonly Refusal[] = [
  ...[...poolerErrors, ...providerErrors].map((row): Refusal => ({ ...row, atLogin: true })),
  ...resourceErrors,
  ...serverErrors,
  ...statementErrors,
  ...commonWords,
  { code: '28P01 28000', is: 'auth-failed' },
]
