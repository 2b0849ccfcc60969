import { commonWords } from '../errors/common-words.ts'
import type { Refusal } from '../errors/refusal.ts'
import { proxyErrors } from './proxy-errors.ts'
import { resourceErrors, statementErrors } from './resource-errors.ts'

const full = { is: 'too-many-connections' } as const

const account = /(?:for user|User) '(?<user>[^']*)'(?:@'(?<host>[^']*)')?/

const grantHost = "'{user}'@'{host}'"

const otherMethod =
  "Let the account use a method that both know: ALTER USER … IDENTIFIED WITH caching_sha2_password BY '…' (MySQL), IDENTIFIED BY '…' (MariaDB)."

/** What MySQL and MariaDB say (their error references). */
const serverErrors: readonly Refusal[] = [
  {
    code: 'ER_ACCESS_DENIED_ERROR 1045 ER_ACCESS_DENIED_NO_PASSWORD_ERROR 1698',
    says: /for user '(?<user>[^']*)'@'(?<host>[^']*)' \(using password: NO\)/,
    is: 'auth-failed',
    hint: 'No password was sent. The server saw the user {user} from the host {host}. {advice}',
  },
  {
    code: 'ER_ACCESS_DENIED_ERROR 1045 ER_ACCESS_DENIED_NO_PASSWORD_ERROR 1698',
    says: /'(?<user>[^']*)'@'(?<host>[^']*)'/,
    is: 'auth-failed',
    hint: 'Check user and password, that special characters in them are percent-encoded, and that there is an account for the user {user} from the host {host}: so the server saw them. {advice}',
  },
  {
    code: 'ER_ACCESS_DENIED_ERROR 1045 ER_ACCESS_DENIED_NO_PASSWORD_ERROR 1698 ER_ACCESS_DENIED_CHANGE_USER_ERROR 1873',
    is: 'auth-failed',
  },
  {
    code: 'ER_DBACCESS_DENIED_ERROR 1044',
    says: /'(?<user>[^']*)'@'(?<host>[^']*)'[^']*'(?<database>[^']*)'/,
    atLogin: true,
    is: 'access-denied',
    message: '{target} knows the user, but it may not use the database, or there is none of that name.',
    hint: `Let it: GRANT ALL ON \`{database}\`.* TO ${grantHost};`,
  },
  {
    code: 'ER_DBACCESS_DENIED_ERROR 1044',
    atLogin: true,
    is: 'access-denied',
    hint: 'Let it, with GRANT ALL ON the database TO the user of the URL.',
  },
  {
    code: 'ER_HOST_NOT_PRIVILEGED 1130',
    says: /Host '(?<host>[^']*)' is not allowed/,
    is: 'host-not-allowed',
    hint: "The server saw the host {host}, and has no account for it: CREATE USER '…'@'{host}' IDENTIFIED BY '…', or one for '%', any host.",
  },
  {
    code: 'ER_HOST_NOT_PRIVILEGED 1130',
    says: /proxy header/i,
    is: 'host-not-allowed',
    message: '{target} takes no header of the PROXY protocol from where this connection came.',
    hint: 'Name the address of the proxy before it in proxy_protocol_networks, or leave the header out.',
  },
  {
    code: 'ER_HOST_NOT_PRIVILEGED 1130',
    is: 'host-not-allowed',
    hint: "The server has no account for this host: CREATE USER '…'@'%' IDENTIFIED BY '…'",
  },
  {
    code: 'ER_HOST_IS_BLOCKED 1129',
    says: /Host '(?<host>[^']*)'/,
    is: 'host-not-allowed',
    message: '{target} blocks the host {host}, after too many broken connections.',
    hint: 'Find what breaks them off, then unblock it: mysqladmin flush-hosts, or FLUSH HOSTS.',
  },
  {
    code: 'ER_HOST_IS_BLOCKED 1129',
    is: 'host-not-allowed',
    message: '{target} blocks this host, after too many broken connections.',
    hint: 'Find what breaks connections off, then unblock the host: mysqladmin flush-hosts, or FLUSH HOSTS.',
  },
  {
    code: 'ER_BAD_HOST_ERROR 1042',
    is: 'host-not-allowed',
    hint: 'The server cannot look up the name of this host: start it with skip_name_resolve, or mend its DNS.',
  },
  {
    code: 'ER_ACCOUNT_HAS_BEEN_LOCKED 3118 4151',
    says: /locked/,
    needsCode: true,
    is: 'access-denied',
    message: '{target} has locked the account.',
    hint: 'Unlock it: ALTER USER … ACCOUNT UNLOCK;',
  },
  { code: 'ER_ACCOUNT_HAS_BEEN_LOCKED 3118', is: 'access-denied' },
  {
    code: 'ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK 3955',
    is: 'access-denied',
    message: '{target} has locked the account, after too many failed logins.',
    hint: 'Correct the password, then unlock it: ALTER USER … ACCOUNT UNLOCK;',
  },
  {
    code: 'ER_MUST_CHANGE_PASSWORD_LOGIN 1862 ER_MUST_CHANGE_PASSWORD 1820',
    is: 'access-denied',
    message: '{target} knows the user, but its password has expired.',
    hint: "Set a new one: ALTER USER … IDENTIFIED BY '…'; or PASSWORD EXPIRE NEVER.",
  },
  {
    code: 'ER_PLUGIN_IS_NOT_LOADED 1524',
    says: /Plugin '(?<plugin>[^']*)' is not loaded/,
    is: 'auth-method',
    message: '{target} has the account set to the method {plugin}, which the server has not loaded.',
    hint: `${otherMethod} Or load the plugin at the server.`,
  },
  {
    code: 'AUTH_SWITCH_PLUGIN_ERROR',
    says: /unknown plugin (?<plugin>\w+)/,
    is: 'auth-method',
    message: '{target} asks for the method {plugin}, which mysql2 does not know.',
    hint: otherMethod,
  },
  {
    code: 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED',
    is: 'auth-method',
    message: '{target} asks for the password in clear text.',
    hint: 'Allow it with enableCleartextPlugin=true, over TLS only.',
  },
  {
    code: 'ER_SERVER_IS_IN_SECURE_AUTH_MODE 1275',
    is: 'auth-method',
    message: '{target} keeps the password of the account in an old format that it no longer takes.',
    hint: otherMethod,
  },
  {
    code: 'ER_NOT_SUPPORTED_AUTH_MODE 1251 ER_SERVER_IS_IN_SECURE_AUTH_MODE 1275',
    is: 'auth-method',
    hint: otherMethod,
  },
  {
    code: 'AUTH_SWITCH_PLUGIN_ERROR',
    is: 'auth-method',
    message: '{target} and mysql2 could not agree on how to log in.',
    hint: otherMethod,
  },
  {
    code: 'ER_BAD_DB_ERROR 1049',
    says: /'(?<database>[^']*)'/,
    is: 'database-missing',
    hint: 'Create it, with CREATE DATABASE `{database}`; or correct its name at the end of the URL.',
  },
  { code: 'ER_BAD_DB_ERROR 1049', is: 'database-missing' },
  {
    code: 'ER_USER_LIMIT_REACHED 1226',
    says: /(?<resource>max_(?:connections|queries|updates)_per_hour|max_questions)/,
    atLogin: true,
    is: 'access-denied',
    message: '{target} lets the user in no more this hour: {resource} is used up.',
    hint: 'Raise it, with ALTER USER … WITH {resource} …; or look for what connects so often.',
  },
  {
    code: 'ER_USER_LIMIT_REACHED 1226 ER_TOO_MANY_USER_CONNECTIONS 1203',
    says: account,
    ...full,
    hint: 'Raise max_user_connections for {user}, or lower the pool size (connection_limit in the URL).',
  },
  { code: 'ER_CON_COUNT_ERROR 1040 ER_TOO_MANY_USER_CONNECTIONS 1203 ER_USER_LIMIT_REACHED 1226', ...full },
  {
    code: 'ER_SERVER_SHUTDOWN 1053 ER_NORMAL_SHUTDOWN 1077 ER_SHUTDOWN_COMPLETE 1079 ER_FORCING_CLOSE 1080',
    is: 'server-shutting-down',
  },
  {
    code: 'ER_SERVER_OFFLINE_MODE 3032',
    is: 'refused',
    hint: 'The server is in offline mode: SET GLOBAL offline_mode = OFF lets users in.',
  },
  { code: 'ER_CANT_CREATE_THREAD 1135', is: 'refused' },
  { code: 'ER_SERVER_ISNT_AVAILABLE 3168', is: 'server-starting' },
  {
    code: 'ER_CONNECTION_KILLED 1927 ER_SESSION_WAS_KILLED 3169 ER_CLIENT_INTERACTION_TIMEOUT 4031 ER_ABORTING_CONNECTION 1152 ER_NEW_ABORTING_CONNECTION 1184 ER_NET_READ_ERROR 1158 ER_NET_READ_INTERRUPTED 1159 ER_NET_ERROR_ON_WRITE 1160 ER_NET_WRITE_INTERRUPTED 1161 PROTOCOL_CONNECTION_LOST 2006 2013',
    afterLogin: true,
    is: 'connection-lost',
  },
  { code: 'ER_INNODB_READ_ONLY 1874 ER_INNODB_FORCED_RECOVERY 1881', is: 'read-only' },
  { code: 'ER_READ_ONLY_MODE 1836 ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION 1792', is: 'read-only' },
  { code: 'ER_OPTION_PREVENTS_STATEMENT 1290', says: /read[-_ ]only/i, is: 'read-only' },
  { code: 'ER_SECURE_TRANSPORT_REQUIRED 3159', is: 'tls-required' },
  {
    code: 'ER_UNKNOWN_COM_ERROR 1047',
    says: /WSREP/,
    is: 'server-starting',
    message: '{target} is a node that is not ready in its cluster.',
    hint: 'It is tried again by itself. Where it stays so, look at wsrep_cluster_status: it may have lost the other nodes.',
  },
  {
    code: 'ER_UNKNOWN_CHARACTER_SET 1115 ER_UNKNOWN_COLLATION 1273 ER_UNKNOWN_TIME_ZONE 1298 ER_UNKNOWN_SYSTEM_VARIABLE 1193 ER_WRONG_VALUE_FOR_VAR 1231',
    says: /(?:character set|collation|time zone|variable)[^']*'+(?<parameter>[^']*)'/i,
    atLogin: true,
    is: 'invalid-parameter',
  },
  {
    code: 'PROTOCOL_PACKETS_OUT_OF_ORDER PROTOCOL_UNEXPECTED_PACKET HANDSHAKE_UNKNOWN_ERROR',
    is: 'not-a-database-server',
  },
  { code: 'HANDSHAKE_NO_SSL_SUPPORT', is: 'tls-not-supported' },
]

/** One row a message, the more telling ones first. */
export const mysqlErrors: readonly Refusal[] = [
  ...proxyErrors,
  ...resourceErrors,
  ...serverErrors,
  ...statementErrors,
  ...commonWords,
]
