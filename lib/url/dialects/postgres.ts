import {
  amount,
  anyCase,
  count,
  bound,
  duration,
  flag,
  list,
  oneOf,
  oneOfWords,
  text,
  type ValueType,
} from '../value-types.ts'
import { libpq, type ServerKind } from './kind.ts'
import {
  ignored,
  parameterTable,
  says,
  serverParameters,
  setsDriver,
  type ParameterTable,
} from './parameter.ts'

const wish: ValueType<unknown> = oneOfWords('disable', 'prefer', 'require')
/** `require` is insisted on by the guard of the driver; else pg binds to the channel where the server offers it. */
const channelBinding = oneOf({ disable: false, prefer: false, require: true })

/** What libpq, pg, JDBC and Prisma call the parameters of PostgreSQL. */
const parameters: ParameterTable = parameterTable({
  connection_timeout: says('connectTimeoutMs', bound('s')),
  ...serverParameters,
  hostaddr: says('addresses', list),
  fallback_application_name: says('applicationName', text),
  applicationname: says('applicationName', text),
  application_name: says('applicationName', text),
  schema: says('searchPath', text),
  currentschema: says('searchPath', text),
  search_path: says('searchPath', text),
  options: says('options', text),
  statement_timeout: says('statementTimeoutMs', duration('ms')),
  lock_timeout: setsDriver('lock_timeout', duration('ms')),
  idle_in_transaction_session_timeout: setsDriver('idle_in_transaction_session_timeout', duration('ms')),
  socket_timeout: setsDriver('query_timeout', duration('s')),
  query_timeout: setsDriver('query_timeout', duration('ms')),
  keepalives: says('keepAlive', flag),
  keepalive: says('keepAlive', flag),
  keepalives_idle: says('keepAliveDelayMs', duration('s')),
  sslnegotiation: setsDriver('sslnegotiation', oneOfWords('postgres', 'direct')),
  channel_binding: setsDriver('enableChannelBinding', channelBinding),
  channelbinding: setsDriver('enableChannelBinding', anyCase(channelBinding)),
  ...ignored('uselibpqcompat', 'sslmode has the meaning of libpq anyway'),
  ...ignored('client_encoding encoding', 'pg reads and writes UTF-8 only'),
  ...ignored('keepalives_count', 'Node.js cannot set it', count),
  ...ignored('keepalives_interval tcp_user_timeout', 'Node.js cannot set it', amount('seconds')),
  ...ignored('gssencmode', 'pg knows no GSSAPI', wish),
  ...ignored('gssdelegation gsslib krbsrvname', 'pg knows no GSSAPI'),
  ...ignored('oauth_client_id oauth_client_secret oauth_issuer oauth_scope', 'pg knows no OAuth'),
  ...ignored('scram_client_key scram_server_key', 'pg logs in with a password'),
  ...ignored('passfile service servicefile', 'only what is configured counts, no file of another program'),
  ...ignored('min_protocol_version max_protocol_version', 'pg speaks version 3.0 only'),
  ...ignored('require_auth requirepeer', 'pg takes the method that the server asks for'),
  ...ignored('sslcertmode sslcompression sslcrldir sslkeylogfile sslsni', "Node's TLS is not told so by pg"),
  ...ignored('replication', 'a connection for replication takes no ordinary statements'),
})

/** PostgreSQL. */
export const postgres: ServerKind = {
  dialect: 'postgres',
  name: 'PostgreSQL',
  scheme: 'postgres',
  schemes: 'postgres postgresql pg pgsql pgx px pgnative postgis timescale timescaledb timescalegis'.split(
    ' ',
  ),
  example: 'postgres://user:password@host/database',
  defaultPort: 5432,
  sockets: true,
  grammar: libpq,
  parameters,
}
