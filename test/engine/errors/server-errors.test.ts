import { Model } from 'objection'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { classifyError, type Engine, type EngineOptions } from 'failsoft/knex'
import { startFaultServer, type Fault } from '../../servers/fault-server.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { change, firstRow, openEngine, poolOf } from '../server/open-engine.js'
import { canary, showsNoSecret } from './no-secret.js'

const [postgres, mariadb] = await Promise.all([
  startPostgres({
    hba: [
      'local all all trust',
      'host all trusted all trust',
      'host all nobody all trust',
      'host all all all scram-sha-256',
    ],
  }),
  startMariadb(),
])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

async function run(url: string, ...statements: string[]): Promise<void> {
  const admin = openEngine(t, url, { pool: { max: 1 } })
  for (const sql of statements) await admin.knex.raw(sql)
  await admin.close()
}

/** A server, and how it is told to fail. */
interface Subject {
  readonly name: 'pg' | 'mysql2'
  readonly url: string
  /** A statement that runs for a while. */
  readonly slow: string
  readonly kill: (killer: Engine, victim: number | string) => Promise<unknown>
  readonly whoAmI: string
  readonly refusesWrites: string
  readonly unknownTable: string
}

const subjects: Subject[] = []
const app = { user: 'app', password: canary }

await run(
  postgres.url,
  `create role app login password '${canary}'`,
  `create role crowd login password '${canary}' connection limit 0`,
  'grant all on schema public to app',
)
subjects.push({
  name: 'pg',
  url: change(postgres.url, app),
  slow: 'select pg_sleep(20)',
  kill: (killer, victim) => killer.knex.raw('select pg_terminate_backend(?)', [victim]),
  whoAmI: 'select pg_backend_pid() as id',
  refusesWrites: 'set default_transaction_read_only = on',
  unknownTable: '42P01',
})
if ('url' in mariadb) {
  await run(
    mariadb.url,
    `create user app@'%' identified by '${canary}'`,
    `grant all on failsoft.* to app@'%'`,
    `create user crowd@'%' identified by '${canary}' with max_user_connections 1`,
    `grant all on failsoft.* to crowd@'%'`,
  )
  subjects.push({
    name: 'mysql2',
    url: change(mariadb.url, app),
    slow: 'select sleep(20)',
    kill: (killer, victim) => killer.knex.raw(`kill ${victim}`),
    whoAmI: 'select connection_id() as id',
    refusesWrites: 'set session transaction read only',
    unknownTable: 'ER_NO_SUCH_TABLE',
  })
}

async function failureOf(work: Promise<unknown> | PromiseLike<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  throw new Error('It did not fail')
}

const quick: EngineOptions = { connectTimeoutMs: 300 }

async function connectError(t: Test, url: string, options: EngineOptions = quick): Promise<unknown> {
  const engine = openEngine(t, url, options)
  const error = await failureOf(engine.knex.raw('select 1'))
  const probe = await engine.probe({ timeoutMs: 2000 })
  t.match(
    probe,
    { ok: false, problem: { code: (error as { code: string }).code } },
    'the probe says the same',
  )
  await engine.close()
  return error
}

const connection = { kind: 'connection', reason: 'unreachable', retryable: true }
const faults: { name: Fault; want: object }[] = [
  { name: 'refuses', want: { code: 'connection-refused', ...connection } },
  { name: 'is silent', want: { code: 'connect-timeout', ...connection } },
  { name: 'closes', want: { code: 'not-a-database-server', ...connection } },
  { name: 'resets', want: { code: 'not-a-database-server', ...connection } },
]

const configuration = { kind: 'configuration', retryable: false }
const refusals = [
  {
    name: 'a wrong password',
    to: { password: `${canary}-wrong` },
    want: { code: 'auth-failed', reason: 'auth', ...configuration },
  },
  {
    name: 'no password',
    to: { password: '' },
    want: { code: 'auth-failed', reason: 'auth', ...configuration },
  },
  {
    name: 'an unknown user',
    to: { user: 'stranger' },
    want: { code: 'auth-failed', reason: 'auth', ...configuration },
  },
  {
    name: 'a host that does not exist',
    to: { host: 'no-such-host.invalid' },
    want: { code: 'host-not-found', ...connection },
  },
  {
    name: 'TLS that is not there',
    to: { query: 'sslmode=require' },
    want: { code: 'tls-not-supported', reason: 'tls', ...configuration },
  },
]

for (const subject of subjects) {
  const { name, url } = subject
  void t.test(`${name}: whatever answers in place of the server`, async (t) => {
    for (const { name, want } of faults) {
      await t.test(`a server that ${name}`, async (t) => {
        const fault = await startFaultServer(name)
        for (const query of ['', 'sslmode=disable']) {
          const error = await connectError(t, change(url, { port: fault.port, query }))
          t.match(classifyError(error), want, query)
          showsNoSecret(t, error, name)
        }
        await fault.close()
      })
    }
  })

  void t.test(`${name}: a web server`, async (t) => {
    const web = await startFaultServer('speaks HTTP')
    const error = await connectError(t, change(url, { port: web.port }))
    // In MySQL the server speaks first, so two that wait for each other look like silence.
    const code = subject.name === 'pg' ? 'not-a-database-server' : 'connect-timeout'
    t.match(classifyError(error), { code, ...connection })
    showsNoSecret(t, error, 'it')
    await web.close()
  })

  void t.test(`${name}: whatever the server refuses`, async (t) => {
    for (const { name, to, want } of refusals) {
      // MariaDB's Debian package has no TLS unless told so, and neither has this PostgreSQL.
      const error = await connectError(t, change(url, to), {})
      t.match(classifyError(error), want, name)
      t.match((error as { cause: object }).cause, { message: /./ }, 'the root cause is kept')
      showsNoSecret(t, error, name)
    }
    const missing = await connectError(t, change(url, { database: 'not_there' }), {})
    const code = subject.name === 'pg' ? 'database-missing' : 'access-denied'
    t.match(classifyError(missing), { code, ...configuration })
  })

  void t.test(`${name}: a connection that is killed`, async (t) => {
    const engine = openEngine(t, url, { pool: { max: 2 } })
    const killer = openEngine(t, subject.name === 'pg' ? postgres.url : (mariadb as { url: string }).url)
    await t.test('in flight', async (t) => {
      const trx = await engine.knex.transaction()
      const { id } = await firstRow(trx, subject.whoAmI)
      const failed = failureOf(trx.raw(subject.slow))
      await subject.kill(killer, Number(id))
      const error = await failed
      const codes = ['server-shutting-down', 'connection-lost']
      const found = classifyError(error)
      t.ok(codes.includes(found.code), found.code)
      t.match(found, connection)
      const after = await failureOf(trx.commit())
      t.match(classifyError(after), { kind: 'connection' }, 'and COMMIT says so too')
      await failureOf(trx.executionPromise)
      await engine.knex.raw('select 1')
      t.equal(poolOf(engine).numUsed(), 0, 'and nothing stays checked out')
    })
  })

  void t.test(`${name}: what a statement may not do`, async (t) => {
    const engine = openEngine(t, url, { pool: { max: 1 } })
    const missing = await failureOf(engine.knex('not_there').where({ password: canary }))
    t.match(classifyError(missing), { code: 'query-failed', kind: 'query', retryable: false })
    t.notOk('reason' in classifyError(missing))
    t.equal((missing as { code: string }).code, subject.unknownTable, "the driver's own error comes through")
    t.notMatch((missing as Error).message, /canary/, 'without the values of the statement')

    await engine.knex.raw(
      'create table if not exists things (id integer primary key, name varchar(50) unique)',
    )
    await engine.knex('things').insert({ id: 1, name: canary })
    const twice = await failureOf(engine.knex('things').insert({ id: 1, name: 'other' }))
    t.match(classifyError(twice), { code: 'query-failed', kind: 'query' })
    class Thing extends Model {
      static override tableName = 'things'
    }
    const wrapped = await failureOf(Thing.query(engine.knex).insert({ id: 1 } as object))
    t.equal((wrapped as Error).name, 'UniqueViolationError')
    t.match(classifyError(wrapped), { code: 'query-failed', kind: 'query' }, "Objection's error too")

    await engine.knex.raw(subject.refusesWrites)
    const readOnly = await failureOf(engine.knex('things').insert({ id: 2 }))
    t.match(classifyError(readOnly), {
      code: 'read-only',
      reason: 'read-only',
      kind: 'connection',
      retryable: true,
    })
    const wrappedReadOnly = await failureOf(Thing.query(engine.knex).insert({ id: 3 } as object))
    t.match(classifyError(wrappedReadOnly), { code: 'read-only' }, 'in an error of Objection too')
  })

  void t.test(`${name}: a wait for a connection that is over`, async (t) => {
    const full = openEngine(t, url, { pool: { max: 1, acquireTimeoutMs: 150 } })
    // A busy machine may need longer than that to connect.
    let trx: Knex.Transaction | undefined
    while (!trx) trx = await full.knex.transaction().catch(() => undefined)
    const exhausted = await failureOf(full.knex.raw('select 1'))
    t.match(classifyError(exhausted), { code: 'pool-exhausted', kind: 'connection', retryable: true })
    t.match(await full.probe(), { ok: true }, 'a full pool is no dead server')
    await trx.rollback()
    await full.knex.raw('select 1')

    const silent = await startFaultServer('is silent')
    const away = openEngine(t, change(url, { port: silent.port }), {
      pool: { acquireTimeoutMs: 150 },
      connectTimeoutMs: 500,
    })
    const timeout = await failureOf(away.knex.raw('select 1'))
    t.match(
      classifyError(timeout),
      { code: 'connect-timeout' },
      'a pool that could not be filled is not full',
    )
    showsNoSecret(t, timeout, 'the timeout')
    await away.close()
    await silent.close()
  })

  void t.test(`${name}: too many connections`, async (t) => {
    const engine = openEngine(t, change(url, { user: 'crowd' }), { pool: { max: 2 } })
    const begin = (): Promise<unknown> =>
      engine.knex.transaction().then(
        (trx) => t.teardown(() => trx.rollback()),
        (error: unknown) => error,
      )
    const error = (await begin()) ?? (await begin())
    t.match(classifyError(error), { code: 'too-many-connections', ...connection })
  })

  void t.test(`${name}: a host with several addresses, none of which answers`, async (t) => {
    const refused = await startFaultServer('refuses')
    const error = await connectError(t, change(url, { host: 'localhost', port: refused.port }))
    t.match(classifyError(error), { code: 'connection-refused', hint: /127\.0\.0\.1|localhost is/ })
    t.match((error as { cause: Error }).cause, { code: 'ECONNREFUSED', message: /./ })
  })

  void t.test(`${name}: use after close`, async (t) => {
    const engine = openEngine(t, url)
    await engine.close()
    const error = await failureOf(engine.knex.raw('select 1'))
    t.match(error, { code: 'closed' })
    t.match(classifyError(error), { code: 'closed', retryable: false })
    t.match(await engine.probe(), { ok: false, problem: { code: 'closed' } })
  })
}

void t.test('pg: a user that the server does not know, where passwords do not matter', async (t) => {
  const error = await connectError(t, change(postgres.url, { user: 'nobody', password: canary }), {})
  t.match(classifyError(error), { code: 'user-missing', reason: 'auth', ...configuration })
})

void t.test(
  'mysql2: a database that does not exist',
  { skip: 'skip' in mariadb && mariadb.skip },
  async (t) => {
    const error = await connectError(
      t,
      change((mariadb as { url: string }).url, { database: 'not_there' }),
      {},
    )
    t.match(classifyError(error), { code: 'database-missing', reason: 'database-missing', ...configuration })
  },
)
