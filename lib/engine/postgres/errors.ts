import { commonWords } from '../errors/common-words.ts'
import type { Refusal } from '../errors/refusal.ts'
import { loginErrors } from './login-errors.ts'
import { poolerErrors } from './pooler-errors.ts'
import { providerErrors } from './provider-errors.ts'
import { resourceErrors, statementErrors } from './resource-errors.ts'

const away = { is: 'server-shutting-down' } as const

/** What PostgreSQL itself says (PostgreSQL documentation, appendix A, and its sources), and CockroachDB with the same codes. */
const serverErrors: readonly Refusal[] = [
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
    code: '42704 22023 55P02 42601 42602 42P02',
    says: /parameter (?:name )?"(?<parameter>[^"]+)"/,
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
    says: /(?:-c ?|--)(?<parameter>\S+) requires a value/,
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
  { code: '57P01', ...away },
  {
    code: '57P02',
    ...away,
    message: '{target} ended all its connections, since one of its processes crashed: it starts anew.',
    hint: 'It is tried again by itself. Look at the log of the server: it may have run out of memory.',
  },
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
  ...loginErrors,
  ...serverErrors,
  ...statementErrors,
  ...commonWords,
  { code: '28P01 28000', is: 'auth-failed' },
]
