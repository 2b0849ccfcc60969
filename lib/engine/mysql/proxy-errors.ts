import type { Refusal } from '../errors/refusal.ts'
import { notOnList, quotaUsedUp } from '../errors/sentences.ts'

const backendAway = {
  is: 'refused',
  message: '{target} is a proxy that cannot reach its own server: {words}',
  hint: 'Look at the database servers behind the proxy, and at how the proxy logs in to them. It is tried again by itself.',
} as const

const adminInterface = {
  message: '{target} is the administration of ProxySQL: {words}',
  hint: 'Use the port that ProxySQL has for clients, 6033 where nobody changed it.',
} as const

const usedUp = {
  atLogin: true,
  is: 'access-denied',
  ...quotaUsedUp,
} as const

/** Codes of Azure's gateway and of ProxySQL, which share numbers, and those of Vitess and TiDB that say nothing. */
const anyProxy =
  '1045 ER_ACCESS_DENIED_ERROR 1105 ER_UNKNOWN_ERROR 9000 9001 9002 9003 9004 9005 9009 9016 9107 9119 9501 9999'

/** What proxies and providers say (their sources and manuals: ProxySQL, PlanetScale, TiDB, Azure, RDS). */
export const proxyErrors: readonly Refusal[] = [
  // It says whatever fails there as a refused login.
  { code: '1045', says: /^ProxySQL Admin Error/, atLogin: true, is: 'refused', ...adminInterface },
  { code: '1045', says: /^ProxySQL Admin Error/, afterLogin: true, is: 'query-failed', ...adminInterface },
  { code: anyProxy, says: /require-backend-tls/, ...backendAway },
  {
    code: anyProxy,
    says: /insecure (connection|transport)|(SSL|TLS)( connection)? is required|must use SSL|requires? (SSL|TLS)|without SSL denied/i,
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
    says: /Max connect (timeout reached|failure) while reaching|no healthy tablet|primary is not serving|No available .*(server|backend)|can(not|'t) connect to (backend|remote|upstream|TiKV)|connect to backend error|down or nonexistent|Not_?Serving|rpc error: code = Unavailable|no available instance|parse proxy header|Lost connection to (backend|MySQL) server|fail(s|ed) to connect to|Backend connect Error|^dial tcp|connect(ion)?:? refused/i,
    ...backendAway,
  },
  { code: anyProxy, says: /(PD|TiKV) server timeout/, atLogin: true, ...backendAway },
  // The numbers of clients: the proxy is one itself.
  { code: '2002 2003 2005 2012 2026 2059 2061', ...backendAway },
  { code: '1815 ER_INTERNAL_ERROR', says: /Session creation failed/, atLogin: true, ...backendAway },
  { code: '1148 ER_NOT_ALLOWED_COMMAND', says: /Backend not connected/, ...backendAway },
  {
    code: anyProxy,
    says: /Server name .*cannot be found/,
    is: 'database-missing',
    message: '{target} is a gateway that knows no server by this name.',
    hint: 'Check the host name in the URL, and the <server> of a user written as <user>@<server>.',
  },
  {
    code: `${anyProxy} 2801`,
    says: /ip not in whitelist/i,
    is: 'host-not-allowed',
    message: notOnList,
    hint: 'Add the address of this machine to the allow list in the console of the provider.',
  },
  {
    code: anyProxy,
    says: /Public Network Access/i,
    is: 'host-not-allowed',
    message: '{target} takes no connections from the public network.',
    hint: 'Connect from its private network, or allow public access in the console of the provider.',
  },
  {
    code: anyProxy,
    says: /Only (Azure Active Directory|AAD|Microsoft Entra)/i,
    is: 'auth-method',
    message: '{target} takes accounts of Azure Active Directory (Microsoft Entra) only.',
    hint: 'Log in with such an account and its access token, or allow passwords in the console of the provider.',
  },
  {
    code: anyProxy,
    says: /IAM authentication/,
    atLogin: true,
    is: 'auth-failed',
    message: '{target} takes a user of the IAM only, through this proxy.',
    hint: 'Connect as an IAM user, or start the proxy without automatic IAM authentication.',
  },
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
  {
    code: '1105 ER_UNKNOWN_ERROR',
    says: /Code: NOT_FOUND/,
    atLogin: true,
    is: 'database-missing',
    message: '{target} does not find what is meant: {words}',
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
