import type { Refusal } from '../errors/refusal.ts'
import { loginErrors } from './login-errors.ts'
import { proxyErrors } from './proxy-errors.ts'
import { resourceErrors, statementErrors } from './resource-errors.ts'

const full = { is: 'too-many-connections' } as const

const account = /(?:for user|User) '(?<user>[^']*)'(?:@'(?<host>[^']*)')?/

/** What MySQL and MariaDB say (their error references). */
const serverErrors: readonly Refusal[] = [
  {
    code: 'ER_BAD_DB_ERROR 1049',
    says: /'(?<database>[^']*)'/,
    needsCode: true,
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
    needsCode: true,
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
  ...loginErrors,
  ...serverErrors,
  ...statementErrors,
]
