import type { Refusal } from '../errors/refusal.ts'
import { passwordExpired } from '../errors/sentences.ts'

const grantHost = "'{user}'@'{host}'"

const otherMethod =
  "Let the account use a method that both know: ALTER USER … IDENTIFIED WITH caching_sha2_password BY '…' (MySQL), IDENTIFIED BY '…' (MariaDB)."

/** What MySQL and MariaDB say of who logs in, from where, and how (their error references). */
export const loginErrors: readonly Refusal[] = [
  {
    code: 'ER_ACCESS_DENIED_ERROR 1045 ER_ACCESS_DENIED_NO_PASSWORD_ERROR 1698',
    says: /for user '(?<user>[^']*)'@'(?<host>[^']*)' \(using password: NO\)/,
    is: 'auth-failed',
    hint: 'No password was sent. The server saw the user {user} from the host {host}. {advice}',
  },
  {
    code: 'ER_ACCESS_DENIED_ERROR 1045 ER_ACCESS_DENIED_NO_PASSWORD_ERROR 1698',
    says: /'(?<user>[^']*)'@'(?<host>[^']*)'/,
    needsCode: true,
    is: 'auth-failed',
    hint: 'Check user and password, that special characters in them are percent-encoded, and that there is an account for the user {user} from the host {host}: so the server saw them. {advice}',
  },
  {
    code: 'ER_ACCESS_DENIED_ERROR 1045 ER_ACCESS_DENIED_NO_PASSWORD_ERROR 1698 ER_ACCESS_DENIED_CHANGE_USER_ERROR 1873',
    is: 'auth-failed',
  },
  {
    code: 'ER_DBACCESS_DENIED_ERROR 1044 ER_DB_ACCESS_DENIED 3879',
    says: /['`](?<user>[^'`]*)['`]@['`](?<host>[^'`]*)['`][^']*'(?<database>[^']*)'/,
    needsCode: true,
    atLogin: true,
    is: 'access-denied',
    message: '{target} knows the user, but it may not use the database, or there is none of that name.',
    hint: `Let it: GRANT ALL ON \`{database}\`.* TO ${grantHost};`,
  },
  {
    code: 'ER_DBACCESS_DENIED_ERROR 1044 ER_DB_ACCESS_DENIED 3879',
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
    needsCode: true,
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
    message: passwordExpired,
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
]
