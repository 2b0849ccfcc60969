import makeKnex from 'knex'
import t from 'tap'
import { problemCatalogue } from 'failsoft'
import { classifyError, ProblemError } from 'failsoft/knex'
import { problem } from '#lib/problem/problem.js'
import { describeCause } from '#lib/engine/errors/describe-cause.js'
import { startFaultServer } from '../../servers/fault-server.js'

/** An error as a driver makes it. */
function failure(message: string, fields: object = {}): Error {
  return Object.assign(new Error(message), fields)
}

const refused = failure('connect ECONNREFUSED ::1:5432', { code: 'ECONNREFUSED' })
const unreachable = failure('connect ENETUNREACH 2001:db8::1:5432', { code: 'ENETUNREACH' })

// What the servers of other tests do not say: the messages are those of the drivers and servers.
const known = [
  {
    name: 'no more files',
    input: failure('connect EMFILE 192.0.2.1:5432 - Local (undefined:undefined)', { code: 'EMFILE' }),
    want: { code: 'network-unreachable', message: /may open no more files/, hint: /ulimit/ },
  },
  {
    name: 'a code',
    input: refused,
    want: { code: 'connection-refused', kind: 'connection', retryable: true, reason: 'unreachable' },
  },
  {
    name: 'a connection that this machine forbids',
    input: failure('connect EACCES 203.0.113.5:5432', { code: 'EACCES' }),
    want: { code: 'network-unreachable', message: /this machine forbids/, hint: /firewall/ },
  },
  {
    name: 'the same in other words',
    input: failure('connect EPERM 203.0.113.5:5432 - Local (0.0.0.0:0)', { code: 'EPERM' }),
    want: { code: 'network-unreachable', message: /this machine forbids/ },
  },
  {
    name: 'no port left for another connection',
    input: failure('connect EADDRNOTAVAIL 10.0.0.1:5432 - Local (0.0.0.0:0)', { code: 'EADDRNOTAVAIL' }),
    want: { code: 'network-unreachable', message: /no port free/, hint: /pool size/ },
  },
  {
    name: 'no port left, as Linux says it when one was chosen',
    input: failure('connect EADDRINUSE 10.0.0.1:5432', { code: 'EADDRINUSE' }),
    want: { code: 'network-unreachable', message: /no port free/ },
  },
  {
    name: 'no IPv6 here',
    input: failure('connect EADDRNOTAVAIL 2001:db8::1:5432', { code: 'EADDRNOTAVAIL' }),
    want: { code: 'network-unreachable', hint: /IPv6/ },
  },
  {
    name: 'a socket whose queue is full',
    input: failure('connect EAGAIN /run/postgresql/.s.PGSQL.5432', { code: 'EAGAIN' }),
    want: { code: 'refused', message: /waiting/ },
  },
  {
    name: 'no route to an IPv4 address',
    input: failure('connect EHOSTUNREACH 10.0.0.1:5432', { code: 'EHOSTUNREACH' }),
    want: { code: 'network-unreachable', hint: /^(?!.*IPv6)/ },
  },
  {
    name: 'a name server that is down',
    input: failure('queryA ECONNREFUSED db.example.com', { code: 'ECONNREFUSED' }),
    want: { code: 'host-not-found', message: /name server/ },
  },
  {
    name: 'a name server that does not answer',
    input: failure('queryA ETIMEOUT db.example.com', { code: 'ETIMEOUT' }),
    want: { code: 'host-not-found', message: /name server/ },
  },
  {
    name: 'a certificate of this program that was revoked',
    input: failure('SSL routines:ssl3_read_bytes:sslv3 alert certificate revoked:SSL alert number 44', {
      code: 'EPROTO',
    }),
    want: { code: 'auth-failed', message: /client's certificate/ },
  },
  {
    name: 'a certificate of this program that is of no known kind',
    input: failure('SSL routines:ssl3_read_bytes:sslv3 alert unsupported certificate:SSL alert number 43', {
      code: 'EPROTO',
    }),
    want: { code: 'auth-failed', message: /client's certificate/ },
  },
  {
    name: 'a connection that a proxy of MySQL lost during a statement',
    input: failure('Lost connection to MySQL server during query', {
      errno: 2013,
      sqlState: 'HY000',
      sqlMessage: 'Lost connection to MySQL server during query',
    }),
    want: { kind: 'connection' },
  },
  {
    name: 'a resolver that cannot be asked',
    input: failure('getaddrinfo EAI_AGAIN db', { code: 'EAI_AGAIN' }),
    want: { code: 'host-not-found' },
  },
  {
    name: 'a Unix socket that is not there',
    input: failure('connect ENOENT /tmp/.s.PGSQL.5432', { code: 'ENOENT' }),
    want: { code: 'connection-refused' },
  },
  {
    name: 'a Unix socket that is closed to this user',
    input: failure('connect EACCES /var/run/postgresql/.s.PGSQL.5432', { code: 'EACCES' }),
    want: { code: 'connection-refused', message: /may not open/ },
  },
  {
    name: 'an answer that is cut off',
    input: Object.assign(new RangeError('The value of "offset" is out of range. It must be >= 0 and <= 3.'), {
      code: 'ERR_OUT_OF_RANGE',
    }),
    want: { code: 'not-a-database-server', message: /cannot be read/ },
  },
  {
    name: 'words without end, which are not looked through for long',
    input: failure('«»»“'.repeat(50_000), { code: 'XX000', severity: 'FATAL' }),
    want: { code: 'refused' },
  },
  {
    name: 'a host that is down',
    input: failure('connect EHOSTDOWN 10.0.0.7:5432', { code: 'EHOSTDOWN' }),
    want: { code: 'network-unreachable' },
  },
  {
    name: 'a schema that is not understood',
    input: failure('malformed database schema (t) - unknown table option: FUTURE', {
      code: 'SQLITE_CORRUPT',
    }),
    want: { code: 'sqlite-corrupt', message: /newer SQLite/ },
  },
  {
    name: 'a file that is not there',
    input: failure("ENOENT: no such file, open 'a.txt'", { code: 'ENOENT' }),
    want: { code: 'unknown-error', kind: 'unknown' },
  },
  { name: 'no route', input: unreachable, want: { code: 'network-unreachable' } },
  {
    name: 'all addresses of a host',
    input: Object.assign(new AggregateError([refused, refused]), { code: 'ECONNREFUSED' }),
    want: { code: 'connection-refused' },
  },
  {
    name: 'one address without a route, one that refuses',
    input: Object.assign(new AggregateError([unreachable, refused]), { code: 'ENETUNREACH' }),
    want: { code: 'connection-refused' },
  },
  {
    name: 'no address with a route',
    input: Object.assign(new AggregateError([unreachable, unreachable]), { code: 'ENETUNREACH' }),
    want: { code: 'network-unreachable' },
  },
  {
    name: 'pg without a password',
    input: failure('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
    want: { code: 'auth-failed', kind: 'configuration', retryable: false },
  },
  {
    name: 'pg without TLS',
    input: failure('The server does not support SSL connections'),
    want: { code: 'tls-not-supported', reason: 'tls' },
  },
  { name: 'pg, timeout', input: failure('timeout expired'), want: { code: 'connect-timeout' } },
  {
    name: 'pg, hung up',
    input: failure('Connection terminated unexpectedly'),
    want: { code: 'connection-lost', kind: 'connection', retryable: true },
  },
  {
    name: 'pg, killed in a transaction',
    input: failure('ROLLBACK - Client has encountered a connection error and is not queryable'),
    want: { code: 'connection-lost' },
  },
  {
    name: 'pg, killed in a transaction, with its cause',
    input: failure('ROLLBACK - Client has encountered a connection error and is not queryable', {
      cause: failure('terminating connection', { code: '57P01' }),
    }),
    want: { code: 'server-shutting-down' },
  },
  {
    name: 'PostgreSQL starts',
    input: failure('the database system is starting up', { code: '57P03' }),
    want: { code: 'server-starting' },
  },
  {
    name: 'PostgreSQL stops',
    input: failure('the database system is shutting down', { code: '57P03' }),
    want: { code: 'server-shutting-down' },
  },
  {
    name: 'PostgreSQL is full',
    input: failure('sorry, too many clients already', { code: '53300' }),
    want: { code: 'too-many-connections' },
  },
  {
    name: 'PostgreSQL, a role that is not there',
    input: failure('role "app" does not exist', { code: '28000' }),
    want: { code: 'user-missing' },
  },
  {
    name: 'PostgreSQL, no rule for plain text',
    input: failure('no pg_hba.conf entry for host "192.0.2.1", user "app", database "app", no encryption', {
      code: '28000',
    }),
    want: { code: 'host-not-allowed' },
  },
  {
    name: 'PostgreSQL before 14, no rule for plain text',
    input: failure('no pg_hba.conf entry for host "192.0.2.1", user "app", database "app", SSL off', {
      code: '28000',
    }),
    want: { code: 'host-not-allowed' },
  },
  {
    name: 'Supabase, a user without its project',
    input: failure('Tenant or user not found', { code: 'XX000' }),
    want: { code: 'user-missing' },
  },
  {
    name: 'PostgreSQL, another internal error',
    input: failure('cache lookup failed', { code: 'XX000' }),
    want: { code: 'query-failed', kind: 'query' },
  },
  {
    name: 'PostgreSQL, a statement that takes too long',
    input: failure('canceling statement due to statement timeout', { code: '57014' }),
    want: { code: 'query-failed' },
  },
  {
    name: 'PostgreSQL, a message like one of a connection',
    input: failure('connection error in my own function', { code: 'P0001' }),
    want: { code: 'query-failed' },
  },
  {
    name: 'MySQL is full',
    input: failure('Too many connections', { code: 'ER_CON_COUNT_ERROR' }),
    want: { code: 'too-many-connections' },
  },
  {
    name: 'MySQL stops',
    input: failure('Server shutdown in progress', { code: 'ER_SERVER_SHUTDOWN' }),
    want: { code: 'server-shutting-down' },
  },
  {
    name: 'MySQL, read-only',
    input: failure('The MySQL server is running with the --read-only option', {
      code: 'ER_OPTION_PREVENTS_STATEMENT',
    }),
    want: { code: 'read-only', retryable: true },
  },
  {
    name: 'MySQL, another option',
    input: failure('The MySQL server is running with the --secure-file-priv option', {
      code: 'ER_OPTION_PREVENTS_STATEMENT',
    }),
    want: { code: 'query-failed' },
  },
  {
    name: 'MySQL, only with TLS',
    input: failure('Connections using insecure transport are prohibited', {
      code: 'ER_SECURE_TRANSPORT_REQUIRED',
    }),
    want: { code: 'tls-required' },
  },
  {
    name: 'Galera, not in the cluster',
    input: failure('WSREP has not yet prepared node for application use', { code: 'ER_UNKNOWN_COM_ERROR' }),
    want: { code: 'server-starting' },
  },
  {
    name: 'a certificate',
    input: failure("Hostname/IP does not match certificate's altnames", {
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    }),
    want: { code: 'tls-untrusted-certificate' },
  },
  {
    name: 'SQLite, busy',
    input: failure('SQLITE_BUSY: database is locked', { code: 'SQLITE_BUSY_SNAPSHOT' }),
    want: { code: 'sqlite-busy', retryable: true },
  },
  {
    name: 'SQLite, full',
    input: failure('SQLITE_FULL: database or disk is full', { code: 'SQLITE_FULL' }),
    want: { code: 'sqlite-full' },
  },
  {
    name: 'SQLite, a constraint',
    input: failure('UNIQUE constraint failed', { code: 'SQLITE_CONSTRAINT_UNIQUE' }),
    want: { code: 'query-failed', kind: 'query' },
  },
  {
    name: "Objection's errors",
    input: failure('insert - read-only', {
      name: 'DBError',
      nativeError: failure('cannot execute INSERT', { code: '25006' }),
    }),
    want: { code: 'read-only' },
  },
  {
    name: 'a driver that is not installed',
    input: failure("Knex: run\n$ npm install pg --save\nCannot find module 'pg'"),
    want: { code: 'driver-missing', reason: 'driver' },
  },
  {
    name: 'a problem that has a name already',
    input: new ProblemError(problem('migration-failed', { target: 'It', cause: 'why' })),
    want: { code: 'migration-failed', message: /^It is connected/ },
  },
  {
    name: 'the same inside another error',
    input: failure('outer', {
      cause: new ProblemError(problem('query-outside-transaction', { target: 'It' })),
    }),
    want: { code: 'query-outside-transaction', kind: 'query' },
  },
]

void t.test('what an error means', async (t) => {
  for (const { name, input, want } of known) t.match(classifyError(input), want, name)
})

void t.test('whatever was thrown', async (t) => {
  const round = failure('round')
  round.cause = round
  for (const input of [
    undefined,
    null,
    'connect',
    5,
    {},
    [],
    () => {},
    Symbol('s'),
    round,
    failure('never seen'),
  ]) {
    t.match(classifyError(input), {
      code: 'unknown-error',
      kind: 'unknown',
      retryable: true,
      message: /./,
      hint: /./,
    })
  }
  const trap = new Error('trap')
  Object.defineProperty(trap, 'code', { value: { toString: () => t.fail('was read') } })
  t.match(classifyError(trap), { code: 'unknown-error' })
})

void t.test('every answer has a description, and no placeholder left', async (t) => {
  for (const { input } of known) {
    const { code, message, hint, retryable } = classifyError(input)
    t.equal(retryable, problemCatalogue[code].retryable)
    t.notMatch(`${message} ${hint}`, /[{}]|undefined/)
  }
})

void t.test('a knex that is not ours', async (t) => {
  const silent = await startFaultServer('is silent')
  const log = { warn() {}, error() {}, debug() {}, deprecate() {} }
  const plain = (client: string, port: number, more: object): Promise<unknown> => {
    const knex = makeKnex({
      client,
      connection: { host: '127.0.0.1', port, user: 'u', password: 'canary', ...more },
      acquireConnectionTimeout: 200,
      log,
    })
    return knex.raw('select 1').then(
      () => undefined,
      async (error: unknown) => {
        await silent.close()
        await knex.destroy()
        return error
      },
    )
  }
  const timeout = await plain('pg', silent.port, { connectionTimeoutMillis: 100 })
  t.match(classifyError(timeout), { code: 'connect-timeout' })
  t.match(classifyError(await plain('mysql2', silent.port, {})), { code: 'connection-refused' })
})

void t.test('what is kept of a cause', async (t) => {
  const cases = [
    {
      input: failure('insert into "t" ("a") values ($1) - duplicate key', { code: '23505' }),
      want: { name: 'Error', code: '23505', message: 'duplicate key' },
    },
    {
      input: new AggregateError([refused]),
      want: { name: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED ::1:5432' },
    },
    { input: 'text', want: { name: 'Error', message: 'text' } },
    { input: { code: 5, message: {} }, want: { name: 'Error', message: '' } },
  ]
  for (const { input, want } of cases) t.same(describeCause(input), want)
})
