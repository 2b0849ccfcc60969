/** What is known of one parameter. */
export interface ParameterRule {
  readonly name: string
  /** The values that it is limited to, in lower case; `number`: whole numbers. */
  readonly values?: readonly string[] | 'number'
  /** Whether its value must not be shown. */
  readonly secret: boolean
}

/** What is known of the parameters of a dialect, by name in lower case. */
export type ParameterTable = ReadonlyMap<string, ParameterRule>

/** Whether a parameter that may not be known holds something that must not be shown. */
export function isSecretParameter(name: string): boolean {
  return /pass(?!file)|pwd|secret|token|credential|api_?key|scram_\w+_key/i.test(name)
}

type Limits = Readonly<Record<string, readonly string[] | 'number'>>

/** A table of the names in a text; some of them with limits. */
function table(text: string, limits: Limits): ParameterTable {
  const rules = text
    .split(/\s+/)
    .filter(Boolean)
    .map((name): [string, ParameterRule] => {
      const values = limits[name]
      return [name, { name, secret: isSecretParameter(name), ...(values && { values }) }]
    })
  return new Map(rules)
}

/** The parameters that failsoft itself gives a meaning, for every server. */
const server = `
  application_name applicationname connect_timeout connection_limit pool_timeout statement_timeout schema search_path
  currentschema keepalives load_balance_hosts target_session_attrs targetservertype socket_timeout pgbouncer
`

const libpq = `
  channel_binding client_encoding fallback_application_name gssdelegation gssencmode gsslib hostaddr
  keepalives_count keepalives_idle keepalives_interval krbsrvname max_protocol_version min_protocol_version
  oauth_client_id oauth_client_secret oauth_issuer oauth_scope options passfile replication require_auth
  requirepeer requiressl scram_client_key scram_server_key service servicefile sslcertmode sslcompression sslcrl
  sslcrldir sslkeylogfile sslnegotiation sslpassword sslsni ssl_max_protocol_version ssl_min_protocol_version
  tcp_user_timeout
`

const node = `
  encoding idle_in_transaction_session_timeout lock_timeout query_timeout uselibpqcompat connection_timeout
  application_name keepalive
`

const serverLimits: Limits = {
  connect_timeout: 'number',
  connection_limit: 'number',
  load_balance_hosts: ['disable', 'random'],
  pool_timeout: 'number',
  statement_timeout: 'number',
}

export const postgresParameters: ParameterTable = table(`${server} ${libpq} ${node}`, {
  ...serverLimits,
  channel_binding: ['disable', 'prefer', 'require'],
  gssencmode: ['disable', 'prefer', 'require'],
  keepalives_count: 'number',
  keepalives_idle: 'number',
  keepalives_interval: 'number',
  sslnegotiation: ['postgres', 'direct'],
  target_session_attrs: ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'],
  tcp_user_timeout: 'number',
})

const mysql2 = `
      bignumberstrings charset charsetnumber compress connectattributes connectionlimit connecttimeout datestrings
      debug decimalnumbers disableeval enablecleartextplugin enablekeepalive flags infileastreamfactory
      insecureauth jsonstrings keepaliveinitialdelay localaddress maxidle maxpreparedstatements
      multiplestatements namedplaceholders nesttables pool queuelimit reconnect rowsasarray
      socket socketpath stringifyobjects supportbignumbers timezone trace typecast unix_socket uselocalsessionstate
      waitforconnections
`

export const mysqlParameters: ParameterTable = table(`${server} ${mysql2}`, {
  ...serverLimits,
  connectionlimit: 'number',
  connecttimeout: 'number',
  target_session_attrs: ['any', 'read-write', 'read-only'],
})

export const sqliteParameters: ParameterTable = table(
  'busy_timeout cache foreign_keys immutable journal_mode journal_size_limit mode nolock synchronous uri vfs',
  {
    busy_timeout: 'number',
    cache: ['shared', 'private'],
    journal_mode: ['delete', 'truncate', 'persist', 'memory', 'wal', 'off'],
    journal_size_limit: 'number',
    mode: ['ro', 'rw', 'rwc', 'memory'],
    synchronous: ['off', 'normal', 'full', 'extra', '0', '1', '2', '3'],
  },
)
