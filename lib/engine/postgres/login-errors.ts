import type { Refusal } from '../errors/refusal.ts'

const noLine = {
  is: 'host-not-allowed',
  hint: 'Add a line to pg_hba.conf, or a rule to the firewall of the provider, for the host {host}, the user {user} and the database {database}: so the server saw them.',
} as const

const rejectLine = {
  is: 'host-not-allowed',
  hint: 'A "reject" line of pg_hba.conf fits the host {host}, the user {user} and the database {database}, as the server saw them: put a line that lets them in before it.',
} as const

/** What PostgreSQL says of who logs in, and from where (its sources), and CockroachDB with the same codes. */
export const loginErrors: readonly Refusal[] = [
  {
    code: '28000',
    says: /no pg_hba\.conf entry for .*(no encryption|SSL off)/i,
    offersTls: true,
    is: 'tls-required',
  },
  {
    code: '28000',
    says: /no pg_hba\.conf entry for host "(?<host>[^"]*)", user "(?<user>[^"]*)", database "(?<database>[^"]*)"/,
    ...noLine,
  },
  {
    code: '28000',
    says: /no pg_hba\.conf entry for (?<database>replication) connection from host "(?<host>[^"]*)", user "(?<user>[^"]*)"/,
    ...noLine,
  },
  {
    code: '28000',
    says: /pg_hba\.conf rejects connection for host "(?<host>[^"]*)", user "(?<user>[^"]*)", database "(?<database>[^"]*)"/,
    ...rejectLine,
  },
  {
    code: '28000',
    says: /pg_hba\.conf rejects (?<database>replication) connection for host "(?<host>[^"]*)", user "(?<user>[^"]*)"/,
    ...rejectLine,
  },
  {
    code: '28000',
    says: /pg_hba\.conf/,
    is: 'host-not-allowed',
    hint: 'Add a line to pg_hba.conf, or a rule to the firewall of the provider, for what the server saw.',
  },
  { code: '28000', says: /host rejected/, is: 'host-not-allowed' },
  { code: '28000', says: /^method "" required for this user, but unusable/, is: 'tls-required' },
  {
    code: '28000',
    says: /requires a valid client certificate|^no TLS peer certificates/,
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
    needsCode: true,
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
    needsCode: true,
    is: 'refused',
    message: '{target} could not look the user up: {words}',
    hint: 'Look at the log of the server. It is tried again by itself.',
  },
]
