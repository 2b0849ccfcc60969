/** What is known of the parameters of a dialect. */
export interface ParameterTable {
  /** The names that have a meaning, in lower case. */
  readonly known: ReadonlySet<string>
  /** The values that a parameter is limited to. */
  readonly values: Readonly<Record<string, readonly string[]>>
  /** Whether upper and lower case are the same in those values. */
  readonly foldsCase: boolean
  /** The parameters that must be whole numbers. */
  readonly numbers: ReadonlySet<string>
}

const words = (text: string): string[] => text.split(/\s+/).filter(Boolean)

/** The parameters that failsoft itself gives a meaning, for every server. */
const server = words(`
  application_name applicationname connect_timeout connection_limit pool_timeout statement_timeout schema search_path
  currentschema keepalives load_balance_hosts target_session_attrs targetservertype socket_timeout pgbouncer
`)

const libpq = words(`
  channel_binding client_encoding fallback_application_name gssdelegation gssencmode gsslib hostaddr
  keepalives_count keepalives_idle keepalives_interval krbsrvname max_protocol_version min_protocol_version
  oauth_client_id oauth_client_secret oauth_issuer oauth_scope options passfile replication require_auth
  requirepeer requiressl scram_client_key scram_server_key service servicefile sslcertmode sslcompression sslcrl
  sslcrldir sslkeylogfile sslnegotiation sslpassword sslsni ssl_max_protocol_version ssl_min_protocol_version
  tcp_user_timeout
`)

const node = words(`
  encoding idle_in_transaction_session_timeout lock_timeout query_timeout uselibpqcompat connection_timeout
  application_name keepalive
`)

const sessionAttributes = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby']

export const postgresParameters: ParameterTable = {
  known: new Set([...server, ...libpq, ...node]),
  values: {
    target_session_attrs: sessionAttributes,
    load_balance_hosts: ['disable', 'random'],
    channel_binding: ['disable', 'prefer', 'require'],
    sslnegotiation: ['postgres', 'direct'],
    gssencmode: ['disable', 'prefer', 'require'],
  },
  foldsCase: false,
  numbers: new Set([
    'connect_timeout',
    'connection_limit',
    'pool_timeout',
    'statement_timeout',
    'keepalives_idle',
    'keepalives_interval',
    'keepalives_count',
    'tcp_user_timeout',
  ]),
}

export const mysqlParameters: ParameterTable = {
  known: new Set([
    ...server,
    ...words(`
      bignumberstrings charset charsetnumber compress connectattributes connectionlimit connecttimeout datestrings
      debug decimalnumbers disableeval enablecleartextplugin enablekeepalive flags infileastreamfactory
      insecureauth jsonstrings keepaliveinitialdelay localaddress maxidle maxpreparedstatements
      multiplestatements namedplaceholders nesttables pool queuelimit reconnect rowsasarray
      socket socketpath stringifyobjects supportbignumbers timezone trace typecast unix_socket uselocalsessionstate
      waitforconnections
    `),
  ]),
  values: {
    target_session_attrs: ['any', 'read-write', 'read-only'],
    load_balance_hosts: ['disable', 'random'],
  },
  foldsCase: false,
  numbers: new Set([
    'connect_timeout',
    'connection_limit',
    'pool_timeout',
    'connectionlimit',
    'connecttimeout',
  ]),
}

export const sqliteParameters: ParameterTable = {
  known: new Set(
    words(
      'busy_timeout cache foreign_keys immutable journal_mode journal_size_limit mode nolock synchronous uri vfs',
    ),
  ),
  values: {
    mode: ['ro', 'rw', 'rwc', 'memory'],
    cache: ['shared', 'private'],
    journal_mode: ['delete', 'truncate', 'persist', 'memory', 'wal', 'off'],
    synchronous: ['off', 'normal', 'full', 'extra', '0', '1', '2', '3'],
  },
  foldsCase: true,
  numbers: new Set(['busy_timeout', 'journal_size_limit']),
}

/** Whether the value of a parameter must not be shown. */
export function isSecretParameter(name: string): boolean {
  return /pass(?!file)|pwd|secret|token|credential|api_?key|scram_\w+_key/i.test(name)
}
