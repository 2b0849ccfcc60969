import { commonRules, flag, whole, type ParameterRule, type ParameterRules } from './parameters.ts'

const text = (setting: string): ParameterRule => ({ setting })
const ignored = (names: string, why: string): ParameterRules =>
  Object.fromEntries(names.split(' ').map((name) => [name, { ignored: why }]))

/** Parameters of libpq and of other clients, in the words of pg. */
export const postgresRules: ParameterRules = {
  ...commonRules,
  connection_timeout: { used: 'bounds' },
  fallback_application_name: text('application_name'),
  applicationname: text('application_name'),
  application_name: text('application_name'),
  options: { used: 'session' },
  schema: { used: 'session' },
  search_path: { used: 'session' },
  currentschema: { used: 'session' },
  statement_timeout: whole('statement_timeout'),
  lock_timeout: whole('lock_timeout'),
  idle_in_transaction_session_timeout: whole('idle_in_transaction_session_timeout'),
  query_timeout: whole('query_timeout'),
  socket_timeout: whole('query_timeout', 1000),
  keepalives: flag('keepAlive'),
  keepalive: flag('keepAlive'),
  keepalives_idle: whole('keepAliveInitialDelayMillis', 1000),
  hostaddr: { used: 'hosts' },
  sslnegotiation: { setting: 'sslnegotiation', read: (value) => value.toLowerCase() },
  sslpassword: { used: 'tls' },
  sslcrl: { used: 'tls' },
  ssl_min_protocol_version: { used: 'tls' },
  ssl_max_protocol_version: { used: 'tls' },
  requiressl: { used: 'tls' },
  // pg binds to the channel where the server offers it; it cannot insist on it.
  channel_binding: { setting: 'enableChannelBinding', read: (value) => value.toLowerCase() === 'require' },
  uselibpqcompat: { ignored: 'sslmode has the meaning of libpq anyway' },
  ...ignored('client_encoding encoding', 'pg reads and writes UTF-8 only'),
  ...ignored('keepalives_count keepalives_interval tcp_user_timeout', 'Node.js cannot set it'),
  ...ignored('gssdelegation gssencmode gsslib krbsrvname', 'pg knows no GSSAPI'),
  ...ignored('oauth_client_id oauth_client_secret oauth_issuer oauth_scope', 'pg knows no OAuth'),
  ...ignored('scram_client_key scram_server_key', 'pg logs in with a password'),
  ...ignored('passfile service servicefile', 'only what is configured counts, no file of another program'),
  ...ignored('min_protocol_version max_protocol_version', 'pg speaks version 3.0 only'),
  ...ignored('require_auth requirepeer', 'pg takes the method that the server asks for'),
  ...ignored('sslcertmode sslcompression sslcrldir sslkeylogfile sslsni', "Node's TLS is not told so by pg"),
  replication: { ignored: 'a connection for replication takes no ordinary statements' },
}
