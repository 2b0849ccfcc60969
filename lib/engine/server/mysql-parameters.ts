import { loadDriver } from '../load-driver.ts'
import { commonRules, flag, whole, type ParameterRule, type ParameterRules } from './parameters.ts'

const ignored = (names: string, why: string): ParameterRules =>
  Object.fromEntries(names.split(' ').map((name) => [name, { ignored: why }]))

/** mysql2 throws for one that it does not know. */
function readCharset(text: string): string | undefined {
  const driver = loadDriver('mysql2')
  return driver.ok && text.toUpperCase() in (driver.module as { Charsets: object }).Charsets
    ? text
    : undefined
}

const programName: ParameterRule = {
  setting: 'connectAttributes',
  read: (text) => ({ program_name: text }),
}

/** Parameters of mysql2 and of other clients, in the words of mysql2. */
export const mysqlRules: ParameterRules = {
  ...commonRules,
  connecttimeout: { used: 'bounds' },
  connectionlimit: { used: 'pool' },
  socket: { used: 'hosts' },
  socketpath: { used: 'hosts' },
  unix_socket: { used: 'hosts' },
  applicationname: programName,
  application_name: programName,
  statement_timeout: { used: 'session' },
  keepalives: { used: 'session' },
  enablekeepalive: { used: 'session' },
  keepaliveinitialdelay: { used: 'session' },
  localaddress: { used: 'session' },
  charset: { setting: 'charset', read: readCharset, expected: 'a character set or collation of MySQL' },
  timezone: {
    setting: 'timezone',
    read: (text) => (/^(local|Z|[+-]\d\d:\d\d)$/.test(text) ? text : undefined),
    expected: 'local, Z or an offset such as +02:00',
  },
  bignumberstrings: flag('bigNumberStrings'),
  supportbignumbers: flag('supportBigNumbers'),
  datestrings: flag('dateStrings'),
  decimalnumbers: flag('decimalNumbers'),
  jsonstrings: flag('jsonStrings'),
  stringifyobjects: flag('stringifyObjects'),
  compress: flag('compress'),
  multiplestatements: flag('multipleStatements'),
  insecureauth: flag('insecureAuth'),
  enablecleartextplugin: flag('enableCleartextPlugin'),
  disableeval: flag('disableEval'),
  trace: flag('trace'),
  typecast: flag('typeCast'),
  maxpreparedstatements: whole('maxPreparedStatements'),
  flags: { setting: 'flags' },
  ...ignored('schema search_path currentschema', 'in MySQL a schema is a database: name it after the host'),
  ...ignored('namedplaceholders nesttables rowsasarray', 'knex needs rows as plain objects'),
  ...ignored('maxidle queuelimit waitforconnections pool reconnect', 'the pool is that of knex'),
  ...ignored('charsetnumber connectattributes', 'write charset, and application_name'),
  debug: { ignored: 'nothing is printed on the console' },
  infileastreamfactory: { ignored: 'it is a function' },
  socket_timeout: { ignored: 'mysql2 has no bound for all statements; use statement_timeout' },
  uselocalsessionstate: { ignored: 'it belongs to another client' },
}
