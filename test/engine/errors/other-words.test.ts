import { classify } from '#lib/engine/errors/classify-error.js'
import { problemOfDisk } from '#lib/engine/sqlite/prepare-location.js'
import t, { type Test } from 'tap'

/** An error as a driver makes it, and what must become of it. */
type Row = readonly [error: Error, want: string, says?: RegExp]

function failure(code: string | undefined, message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), code !== undefined && { code }, fields)
}

function postgres(code: string, message: string, severity = 'ERROR'): Error {
  return failure(code, message, { severity })
}

function mysql(code: string | undefined, errno: number, message: string): Error {
  return failure(code, message, { errno, sqlState: 'HY000', sqlMessage: message })
}

/** What pg makes of a login by SCRAM that the server refused with an "e=" (RFC 5802). */
function saslFailure(reason: string): Error {
  return failure(undefined, `SASL: SCRAM-SERVER-FINAL-MESSAGE: server returned error: "${reason}"`)
}

/** Each of these codes means the same. */
function each(codes: string, want: string, says?: RegExp): Row[] {
  return codes
    .split(' ')
    .map((code) => (says ? [failure(code, code), want, says] : [failure(code, code), want]))
}

const statements: Readonly<Record<string, readonly Row[]>> = {
  PostgreSQL: [
    [postgres('40P01', 'deadlock detected'), 'query-failed', /again/],
    [postgres('40001', 'could not serialize access due to concurrent update'), 'query-failed', /again/],
    [postgres('40001', 'terminating connection due to conflict with recovery', 'FATAL'), 'connection-lost'],
    [postgres('55P03', 'canceling statement due to lock timeout'), 'query-failed', /lock/],
    [postgres('55P03', 'could not obtain lock on relation "a"'), 'query-failed', /lock/],
    [postgres('57014', 'canceling statement due to statement timeout'), 'query-failed', /longer/],
    [postgres('57014', 'canceling statement due to user request'), 'query-failed', /Look at the query/],
    [postgres('53100', 'could not extend file "base/5/1": No space left on device'), 'query-failed', /disk/],
    [
      postgres('53100', 'could not extend file because project size limit (512 MB) has been exceeded'),
      'query-failed',
      /size limit/,
    ],
    [postgres('53200', 'out of memory'), 'query-failed', /memory/],
    [
      postgres(
        '53100',
        'could not resize shared memory segment "/PostgreSQL.1" to 8 bytes: No space left on device',
      ),
      'query-failed',
      /shm_size/,
    ],
    [postgres('XXUUU', 'internal error'), 'query-failed'],
    [postgres('P0001', 'Tenant not found'), 'query-failed'],
    [postgres('42602', 'invalid configuration parameter name "a b"'), 'query-failed'],
    [postgres('XX001', 'invalid page in block 3 of relation base/5/16384'), 'query-failed', /damaged/],
    [postgres('25006', 'cannot execute UPDATE during recovery'), 'read-only'],
    [postgres('25P04', 'terminating connection due to transaction timeout', 'FATAL'), 'connection-lost'],
    [postgres('57P05', 'terminating connection due to idle-session timeout', 'FATAL'), 'connection-lost'],
    [postgres('08P01', 'query_timeout', 'FATAL'), 'connection-lost', /pooler/],
    [postgres('08P01', 'idle transaction timeout', 'FATAL'), 'connection-lost', /pooler/],
    [postgres('08P01', 'admin forced disconnect', 'FATAL'), 'refused', /pooler/],
    [postgres('42501', 'permission denied for table users'), 'query-failed'],
    [postgres('58P01', 'could not access file "$libdir/postgis-3": No such file'), 'query-failed'],
  ],
  drivers: [
    [failure(undefined, 'Query read timeout'), 'query-failed', /in the time/],
    [failure('PROTOCOL_SEQUENCE_TIMEOUT', 'Query inactivity timeout'), 'query-failed', /in the time/],
    [failure(undefined, 'Defined query timeout of 9ms exceeded when running query.'), 'query-failed', /knex/],
    [failure('POOL_CLOSED', 'Pool is closed.'), 'closed'],
    [failure(undefined, 'Cannot use a pool after calling end on the pool'), 'closed'],
    [failure(undefined, 'Queue limit reached.'), 'pool-exhausted'],
    [failure(undefined, 'No connections available.'), 'pool-exhausted'],
  ],
  MySQL: [
    [mysql('ER_LOCK_DEADLOCK', 1213, 'Deadlock found when trying to get lock'), 'query-failed', /again/],
    [mysql('ER_LOCK_DEADLOCK', 1213, 'WSREP detected deadlock/conflict'), 'query-failed', /again/],
    [mysql('ER_LOCK_WAIT_TIMEOUT', 1205, 'Lock wait timeout exceeded'), 'query-failed', /lock/],
    [mysql('ER_QUERY_TIMEOUT', 3024, 'Query execution was interrupted'), 'query-failed', /longer/],
    [mysql(undefined, 1969, 'Query execution was interrupted'), 'query-failed', /longer/],
    [mysql(undefined, 1927, 'Connection was killed'), 'connection-lost'],
    [mysql('ER_RECORD_FILE_FULL', 1114, "The table 'a' is full"), 'query-failed', /table a/],
    [mysql('ER_DISK_FULL', 1021, 'Disk full (/tmp/a); waiting'), 'query-failed', /disk/],
    [mysql('EE_WRITE', 3, "Error writing file 'a' (errno: 28 - No space left)"), 'query-failed', /disk/],
    [
      mysql('EE_WRITE', 3, `Error writing file "a" (Errcode: 28 "No space left on device")`),
      'query-failed',
      /disk/,
    ],
    [mysql('EE_DISK_FULL', 20, "Disk is full writing 'a' (OS errno 28)"), 'query-failed', /disk/],
    [mysql('EE_READ', 2, "Error reading file 'a' (errno: 5 - Input/output error)"), 'query-failed'],
    [mysql('ER_GET_ERRNO', 1030, 'Got error 28 "No space left on device"'), 'query-failed', /disk/],
    [mysql('ER_GET_ERRNO', 1030, 'Got error 121 "Duplicate key"'), 'query-failed', /Look at the query/],
    [mysql('ER_OUT_OF_SORTMEMORY', 1038, 'Out of sort memory'), 'query-failed', /memory/],
    [
      mysql('ER_OPTION_PREVENTS_STATEMENT', 1290, 'Der MariaDB-Server läuft mit der Option --read_only'),
      'read-only',
    ],
    [mysql('ER_INNODB_READ_ONLY', 1874, 'InnoDB is in read only mode.'), 'read-only'],
    [
      mysql('ER_UNKNOWN_ERROR', 1105, 'vttablet: rpc error: code = Aborted desc = tx killer rollback'),
      'query-failed',
    ],
    [mysql('ER_NOT_ALLOWED_COMMAND', 1148, 'The used command is not allowed'), 'query-failed'],
    [mysql(undefined, 9002, 'TiKV server timeout'), 'query-failed'],
    [
      mysql('ER_ACCESS_DENIED_ERROR', 1045, 'ProxySQL Admin Error: no such table: todos'),
      'query-failed',
      /6033/,
    ],
  ],
  SQLite: [
    ...each('SQLITE_BUSY_RECOVERY SQLITE_BUSY_TIMEOUT SQLITE_LOCKED_SHAREDCACHE', 'sqlite-busy'),
    ...each('SQLITE_READONLY_RECOVERY SQLITE_READONLY_CANTLOCK SQLITE_READONLY_CANTINIT', 'sqlite-read-only'),
    ...each('SQLITE_CANTOPEN_NOTEMPDIR SQLITE_CANTOPEN_ISDIR SQLITE_CANTOPEN_SYMLINK', 'sqlite-cannot-open'),
    ...each('SQLITE_CORRUPT_VTAB SQLITE_CORRUPT_SEQUENCE SQLITE_CORRUPT_INDEX', 'sqlite-corrupt'),
    ...each('SQLITE_IOERR SQLITE_IOERR_FSYNC SQLITE_IOERR_CORRUPTFS', 'sqlite-cannot-open', /disk answered/),
    ...each('SQLITE_IOERR_LOCK SQLITE_IOERR_RDLOCK SQLITE_IOERR_SHMLOCK', 'sqlite-cannot-open', /no locks/),
    ...each('SQLITE_IOERR_SHMOPEN SQLITE_IOERR_SHMMAP', 'sqlite-cannot-open', /shared memory/),
    ...each('SQLITE_NOMEM SQLITE_IOERR_NOMEM', 'sqlite-cannot-open', /memory/),
    ...each('SQLITE_NOLFS', 'sqlite-full', /2 GB/),
    ...each('SQLITE_TOOBIG SQLITE_SCHEMA SQLITE_INTERRUPT', 'query-failed'),
    [failure('ERR_SQLITE_ERROR', 'database is locked', { errcode: 517 }), 'sqlite-busy'],
    [failure('ERR_SQLITE_ERROR', 'disk I/O error', { errcode: 3850 }), 'sqlite-cannot-open', /no locks/],
    [failure('ERR_SQLITE_ERROR', 'out of memory', { errcode: 7 }), 'sqlite-cannot-open', /memory/],
  ],
}

/** OpenSSL's names change with its versions: from 3.2 on, "sslv3 alert" is "ssl/tls alert". */
const connections: Readonly<Record<string, readonly Row[]>> = {
  TLS: [
    [failure('CERT_HAS_EXPIRED', 'certificate has expired'), 'tls-untrusted-certificate', /expired/],
    ...each(
      'SELF_SIGNED_CERT_IN_CHAIN UNABLE_TO_DECRYPT_CERT_SIGNATURE UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY ERROR_IN_CERT_NOT_AFTER_FIELD CRL_NOT_YET_VALID CRL_SIGNATURE_FAILURE ERR_TLS_CERT_ALTNAME_FORMAT',
      'tls-untrusted-certificate',
    ),
    [
      failure('ERR_SSL_CERTIFICATE_VERIFY_FAILED', 'SSL routines::certificate verify failed'),
      'tls-untrusted-certificate',
    ],
    [
      failure('ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'ssl/tls alert handshake failure'),
      'tls-not-supported',
      /version or cipher/,
    ],
    [failure('ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'ssl/tls alert bad certificate'), 'auth-failed'],
    [
      failure('ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'ssl/tls alert certificate expired'),
      'auth-failed',
    ],
    [failure('ERR_SSL_VERSION_TOO_LOW', 'SSL routines::version too low'), 'tls-not-supported', /version/],
    [failure('ERR_SSL_HTTP_REQUEST', 'SSL routines::http request'), 'not-a-database-server'],
    ...each(
      'ERR_SSL_TLSV1_ALERT_DECODE_ERROR ERR_SSL_UNEXPECTED_MESSAGE ERR_SSL_RECORD_LAYER_FAILURE ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC ERR_SSL_WRONG_SIGNATURE_TYPE',
      'tls-not-supported',
      /agree/,
    ),
    ...each(
      'ERR_SSL_EE_KEY_TOO_SMALL ERR_SSL_CA_KEY_TOO_SMALL ERR_SSL_CA_MD_TOO_WEAK',
      'tls-untrusted-certificate',
      /too weak/,
    ),
    [failure('EPROTO', 'SSL routines::ee key too small'), 'tls-untrusted-certificate', /too weak/],
    [failure('EPROTO', 'SSL routines::dh key too small'), 'tls-not-supported', /version or cipher/],
    ...each('ERR_TLS_HANDSHAKE_TIMEOUT', 'connect-timeout'),
  ],
  SCRAM: [
    [saslFailure('Wrong password'), 'auth-failed', /user name or the password/],
    [saslFailure('invalid-proof'), 'auth-failed', /user name or the password/],
    [saslFailure('channel-bindings-dont-match'), 'auth-method', /ends TLS/],
    [saslFailure('server-does-support-channel-binding'), 'auth-method', /ends TLS/],
  ],
  network: [
    ...each('ENETRESET ENOTCONN ESHUTDOWN EPIPE ECONNABORTED', 'connection-lost'),
    ...each('EPROTONOSUPPORT EAFNOSUPPORT ENETDOWN ENONET', 'network-unreachable'),
    [failure('EINVAL', 'connect EINVAL fe80::1:5432 - Local (:::0)'), 'network-unreachable', /interface/],
    [failure('ENOTDIR', 'connect ENOTDIR /etc/passwd/.s.PGSQL.5432'), 'connection-refused', /no socket/],
    [failure('EPROTOTYPE', 'connect EPROTOTYPE /tmp/file'), 'connection-refused', /no socket/],
    // Of this machine, or of what fetches a token: no server says so.
    [failure('ENOSPC', 'ENOSPC: no space left on device, write'), 'unknown-error'],
    [failure('ERR_BAD_REQUEST', 'rate limit exceeded'), 'unknown-error'],
    [failure('ELOOP', 'connect ELOOP /tmp/loop/.s.PGSQL.5432'), 'connection-refused', /no socket/],
  ],
  names: [
    ...each('EAI_NONAME EAI_ADDRFAMILY EBADNAME ENONAME', 'host-not-found', /cannot be found/),
    ...each('EAI_AGAIN EAI_FAIL ESERVFAIL', 'host-not-found', /no name server/),
    ...each(
      'EAI_MEMORY EAI_SYSTEM EAI_SERVICE EREFUSED EBADRESP EFORMERR ENOTIMP ECANCELLED',
      'host-not-found',
      /could not be looked up: E/,
    ),
  ],
}

for (const [name, rows] of Object.entries(statements))
  t.test(`${name}: what became of a statement`, async (t) => check(t, rows, 'statement'))

for (const [name, rows] of Object.entries(connections))
  t.test(`${name}: why there is no connection`, async (t) => check(t, rows, 'login'))

t.test('words of a gateway say nothing of an error alone', async (t) => {
  const alone = mysql('ER_UNKNOWN_ERROR', 1105, 'in-memory row count exceeded allowed limit of 100000')
  t.equal(classify(alone).code, 'query-failed')
  t.equal(classify(alone, { stage: 'login' }).code, 'access-denied')
  for (const words of [
    "syntax error at position 5 near 'with'",
    "XPATH syntax error: '\\a'",
    "table 'a' not found, asked by 'app'@'%'",
    "Host 'a' is none of this cluster",
  ])
    t.match(classify(mysql('ER_UNKNOWN_ERROR', 1105, words)), {
      code: 'query-failed',
      message: 'The database refused a query.',
    })
})

t.test('what a disk does to the preparation of a file', async (t) => {
  const rows: readonly (readonly [code: string, want: string, says: RegExp])[] = [
    ['ENOLCK', 'sqlite-cannot-open', /no locks/],
    ['EIO', 'sqlite-cannot-open', /disk answered/],
    ['ESTALE', 'sqlite-cannot-open', /disk answered/],
    ['ENOMEM', 'sqlite-cannot-open', /memory/],
    ['EMFILE', 'sqlite-cannot-open', /cannot be opened/],
    ['EDQUOT', 'sqlite-full', /disk is full/],
    ['EROFS', 'sqlite-read-only', /cannot be written/],
  ]
  for (const [code, want, message] of rows) {
    const words = `${code}: it fails, open '/data/x.db'`
    const found = problemOfDisk(failure(code, words), '/data/x.db')
    t.match(found, { code: want, message, cause: { code, message: words } }, code)
  }
})

function check(t: Test, rows: readonly Row[], stage: 'login' | 'statement'): void {
  for (const [error, want, says = /./] of rows) {
    const { code, message, hint } = classify(error, { stage })
    t.equal(code, want, error.message)
    t.match(`${message} ${hint}`, says)
    t.notMatch(`${message} ${hint}`, /undefined|\{\w+\}/)
  }
}
