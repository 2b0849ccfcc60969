import type { Refusal } from '../errors/refusal.ts'

const backendAway = {
  is: 'refused',
  message: '{target} is a proxy that cannot reach its own server: {words}',
  hint: 'Look at the database servers behind the proxy, and at how the proxy logs in to them. It is tried again by itself.',
} as const

const usedUp = {
  atLogin: true,
  is: 'access-denied',
  message: '{target} is closed by its provider: a quota is used up.',
  hint: 'Look at the usage in the console of the provider, and raise the limit or the plan.',
} as const

/** Codes of Azure's gateway and of ProxySQL, which share numbers, and those of Vitess and TiDB that say nothing. */
const anyProxy =
  '1045 ER_ACCESS_DENIED_ERROR 1105 ER_UNKNOWN_ERROR 9000 9001 9002 9003 9004 9005 9009 9119 9501 9999'

/** What proxies and providers say (their sources and manuals: ProxySQL, PlanetScale, TiDB, Azure, RDS). */
export const proxyErrors: readonly Refusal[] = [
  { code: anyProxy, says: /require-backend-tls/, ...backendAway },
  {
    code: anyProxy,
    says: /insecure (connection|transport)|(SSL|TLS)( connection)? is required|must use SSL|requires? (SSL|TLS)/i,
    is: 'tls-required',
  },
  {
    code: anyProxy,
    says: /Client with IP address '?(?<host>[^' ]+)'? is not allowed/,
    is: 'host-not-allowed',
    hint: 'Add the address {host} to the firewall rules of the server.',
  },
  {
    code: anyProxy,
    says: /Max connect (timeout reached|failure) while reaching|no healthy tablet|primary is not serving|No available .*(server|backend)|can(not|'t) connect to (backend|remote|upstream|TiKV)|connect to backend error|down or nonexistent|NotServing|Lost connection to (backend|MySQL) server|fail(s|ed) to connect to|Backend connect Error|^dial tcp|connect(ion)?:? refused/i,
    ...backendAway,
  },
  { code: '2003', ...backendAway },
  { code: '2006 2013', atLogin: true, ...backendAway },
  {
    code: anyProxy,
    says: /access token/i,
    atLogin: true,
    is: 'auth-failed',
    hint: 'Take a new access token for the database, and check that its principal is a user of it.',
  },
  {
    code: anyProxy,
    says: /Missing user name prefix|wrong (user name )?prefix/i,
    is: 'user-missing',
    message: '{target} cannot tell from the user name which cluster is meant.',
    hint: 'Write the user with the prefix of the cluster, as <prefix>.root: the console shows it under "Connect".',
  },
  { code: anyProxy, says: /quota|spending limit/i, ...usedUp },
  {
    code: anyProxy,
    says: /sleeping|put to sleep|hibernat|paused/i,
    atLogin: true,
    is: 'refused',
    message: '{target} is asleep.',
    hint: 'Wake the database in the console of the provider. It is tried again by itself.',
  },
  {
    code: anyProxy,
    says: /suspended|billing|disabled/i,
    ...usedUp,
    message: '{target} is closed by its provider.',
  },
  {
    code: anyProxy,
    says: /Too many connections|max_connections|connection limit/i,
    is: 'too-many-connections',
  },
  {
    code: '1105 ER_UNKNOWN_ERROR',
    says: /(unknown database|database not found:?) '?(?<database>[^'\s]+)'?/i,
    atLogin: true,
    is: 'database-missing',
    hint: 'Create the database "{database}", or correct its name at the end of the URL.',
  },
  {
    code: '1105 ER_UNKNOWN_ERROR',
    says: /Access denied|UNAUTHENTICATED|check your user ?name and password|invalid (user|password|credentials)/i,
    atLogin: true,
    is: 'auth-failed',
  },
  { code: '1105 ER_UNKNOWN_ERROR', says: /PERMISSION_DENIED/, atLogin: true, is: 'access-denied' },
  {
    code: anyProxy,
    says: /RDS proxy has no credentials/i,
    is: 'user-missing',
    hint: 'Add a secret with this user to the authentication of the proxy.',
  },
  { code: anyProxy, says: /Timed-out waiting to acquire/i, is: 'too-many-connections' },
  {
    code: '1040 ER_CON_COUNT_ERROR',
    says: /can only connect locally/,
    is: 'host-not-allowed',
    hint: "ProxySQL lets its administrator in from the proxy's own host only: use a user of mysql_users.",
  },
]
