import type { Refusal } from '../errors/refusal.ts'
import { tlsRequired, usedUp, waking } from './meanings.ts'

/** What the clouds say (their manuals: RDS, Cloud SQL, Azure, Prisma Postgres). */
export const cloudErrors: readonly Refusal[] = [
  // RDS Proxy
  { says: /supports only IAM/, is: 'auth-method' },
  {
    says: /RDS Proxy currently doesn.t support (?<parameter>command-line options)/,
    is: 'invalid-parameter',
    message: '{target} is a proxy that takes no {parameter}.',
    hint: 'Remove options, search_path and schema from the URL, or connect without the proxy.',
  },
  {
    says: /IAM (user|service account) authentication failed/,
    is: 'auth-failed',
    hint: 'Take a new token for this user, and check that its role may log in to the instance.',
  },
  {
    says: /IAM authentication failed/,
    is: 'auth-failed',
    hint: 'Take a new token for this host, port and user, and check the rds-db:connect permission of its role.',
  },
  { says: /requires (TLS|SSL)|allowed only with (TLS|SSL)/i, ...tlsRequired },
  {
    says: /Timed-out waiting to acquire database connection/i,
    is: 'too-many-connections',
    hint: 'The proxy had no connection to the database free in time: raise MaxConnectionsPercent, or look for long transactions.',
  },
  // Aurora DSQL
  {
    says: /^unable to accept connection, access denied/,
    is: 'auth-failed',
    hint: 'Take a new token for this host and user: one lasts 15 minutes, unless asked otherwise. Its role needs dsql:DbConnect, or dsql:DbConnectAdmin for the user admin.',
  },
  // Azure
  {
    says: /Server name .*cannot be found/,
    is: 'database-missing',
    message: '{target} is a gateway that knows no server by this name.',
    hint: 'Check the host name in the URL, and the <server> of a user written as <user>@<server>.',
  },
  {
    says: /Public Network Access/i,
    is: 'host-not-allowed',
    message: '{target} takes no connections from the public network.',
    hint: 'Connect from its private network, or allow public access in the console of the provider.',
  },
  {
    says: /Invalid Username specified/i,
    is: 'user-missing',
    hint: 'Write the user as <user>@<server>, with the @ as %40.',
  },
  {
    says: /IP address '?(?<host>[\w.:]+)'? is not allowed/,
    is: 'host-not-allowed',
    hint: 'Add the address {host} to the firewall rules of the server.',
  },
  {
    says: /access token|\bEntra\b|Azure AD|\bJWT\b|AAD_AUTH_TOKENTYPE/i,
    is: 'auth-failed',
    hint: 'Take a new access token for the database, and check that its principal is a user of it.',
  },
  {
    says: /(server|database|instance|project|cluster|branch) (is|was|has been) (currently )?(stopped|unavailable|paused|asleep|sleeping)|currently paused/i,
    ...waking,
    hint: 'Start or resume the database in the console of the provider. It is tried again by itself.',
  },
  // Prisma Postgres
  {
    says: /account has restrictions|hold on your account|planLimitReached/,
    ...usedUp,
    message: '{target} is closed by its provider: the account has restrictions.',
    hint: 'Look at the usage and the bills in the console of the provider.',
  },
  { says: /suspended|billing|past due/i, ...usedUp, message: '{target} is closed by its provider.' },
]
