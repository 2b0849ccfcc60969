import {
  absolutePath,
  amount,
  bound,
  count,
  duration,
  flag,
  ipAddress,
  oneOfWords,
  text,
  type ValueType,
} from '../value-types.ts'
import { web, type ServerKind } from './kind.ts'
import { isMysqlCharset } from './mysql-charsets.ts'
import {
  ignored,
  parameterTable,
  says,
  serverParameters,
  setsDriver,
  type ParameterTable,
} from './parameter.ts'

const charset: ValueType<string> = {
  expected: 'a character set or collation that mysql2 knows, such as utf8mb4',
  read: (said) => (isMysqlCharset(said) ? said : undefined),
}

/** mysql2 computes with the offset; it has no table of zones, but UTC needs none. */
const timezone: ValueType<string> = {
  expected: 'local, Z or an offset such as +02:00',
  read: (said) =>
    /^(?:etc\/)?(?:utc|gmt)$/i.test(said) ? 'Z' : /^(local|Z|[+-]\d\d:\d\d)$/.test(said) ? said : undefined,
}

/** What mysql2, JDBC and Prisma call the parameters of MySQL. */
const parameters: ParameterTable = parameterTable({
  connecttimeout: says('connectTimeoutMs', bound('ms')),
  connectionlimit: says('poolMax', count),
  ...serverParameters,
  target_session_attrs: says('role', oneOfWords('any', 'read-write', 'read-only')),
  socket: says('socketPath', absolutePath),
  unix_socket: says('socketPath', absolutePath),
  socketpath: says('socketPath', absolutePath),
  localsocket: says('socketPath', absolutePath),
  localaddress: says('localAddress', ipAddress),
  applicationname: says('applicationName', text),
  application_name: says('applicationName', text),
  statement_timeout: says('statementTimeoutMs', duration('ms')),
  keepalives: says('keepAlive', flag),
  enablekeepalive: says('keepAlive', flag),
  keepaliveinitialdelay: says('keepAliveDelayMs', duration('ms')),
  charset: setsDriver('charset', charset),
  timezone: setsDriver('timezone', timezone),
  bignumberstrings: setsDriver('bigNumberStrings', flag),
  supportbignumbers: setsDriver('supportBigNumbers', flag),
  datestrings: setsDriver('dateStrings', flag),
  decimalnumbers: setsDriver('decimalNumbers', flag),
  jsonstrings: setsDriver('jsonStrings', flag),
  stringifyobjects: setsDriver('stringifyObjects', flag),
  compress: setsDriver('compress', flag),
  multiplestatements: setsDriver('multipleStatements', flag),
  insecureauth: setsDriver('insecureAuth', flag),
  enablecleartextplugin: setsDriver('enableCleartextPlugin', flag),
  disableeval: setsDriver('disableEval', flag),
  trace: setsDriver('trace', flag),
  typecast: setsDriver('typeCast', flag),
  maxpreparedstatements: setsDriver('maxPreparedStatements', amount('statements')),
  flags: setsDriver('flags', text),
  ...ignored('schema search_path currentschema', 'in MySQL a schema is a database: name it after the host'),
  ...ignored('namedplaceholders nesttables rowsasarray', 'knex needs rows as plain objects'),
  ...ignored('maxidle queuelimit waitforconnections pool reconnect', 'the pool is that of knex'),
  ...ignored('charsetnumber connectattributes', 'write charset, and application_name'),
  ...ignored('debug', 'nothing is printed on the console'),
  ...ignored('infileastreamfactory', 'it is a function'),
  ...ignored('socket_timeout', 'mysql2 has no bound for all statements; use statement_timeout'),
  ...ignored('uselocalsessionstate', 'it belongs to another client'),
})

/** MySQL and MariaDB. */
export const mysql: ServerKind = {
  dialect: 'mysql',
  name: 'MySQL',
  scheme: 'mysql',
  schemes:
    'mysql my mysql2 mariadb maria percona aurora mysqlgis mysql-connector mymysql mymy zm trilogy'.split(
      ' ',
    ),
  example: 'mysql://user:password@host/database',
  defaultPort: 3306,
  sockets: true,
  grammar: web,
  parameters,
}

/** Databases that speak MySQL's protocol, over TCP only. */
export const mysqlWithoutSockets: ServerKind = {
  ...mysql,
  schemes: 'tidb ti memsql me singlestore vitess vt'.split(' '),
  sockets: false,
}
