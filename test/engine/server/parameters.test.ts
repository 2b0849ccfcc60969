import t from 'tap'
import type { LogEvent } from 'failsoft/knex'
import { clientOf } from '#lib/engine/knex-client.js'
import { startFaultServer } from '../../servers/fault-server.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { change, firstRow, openEngine, poolOf } from './open-engine.js'
import { measure } from '../../awake.js'

const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

const printed: unknown[] = []
for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
  console[name] = (...args: unknown[]) => void printed.push(args)
}

const show = (name: string): string => `select current_setting('${name}') as value`
const seenByPostgres = [
  { query: '', sql: show('application_name'), want: 'failsoft' },
  { query: 'application_name=my%20app', sql: show('application_name'), want: 'my app' },
  { query: 'ApplicationName=app', sql: show('application_name'), want: 'app' },
  { query: 'fallback_application_name=other', sql: show('application_name'), want: 'other' },
  {
    query: 'application_name=app&fallback_application_name=other',
    sql: show('application_name'),
    want: 'app',
  },
  { query: 'options=-c%20geqo%3Doff', sql: show('geqo'), want: 'off' },
  { query: 'search_path=one,two', sql: show('search_path'), want: 'one,two' },
  { query: 'schema=one', sql: show('search_path'), want: 'one' },
  { query: 'currentSchema=%22with%20space%22', sql: show('search_path'), want: '"with space"' },
  {
    query: 'schema=one&options=-c%20geqo%3Doff',
    sql: "select current_setting('search_path') || current_setting('geqo') as value",
    want: 'oneoff',
  },
  { query: 'statement_timeout=1234', sql: show('statement_timeout'), want: '1234ms' },
  { query: 'lock_timeout=1235', sql: show('lock_timeout'), want: '1235ms' },
  {
    query: 'idle_in_transaction_session_timeout=1236',
    sql: show('idle_in_transaction_session_timeout'),
    want: '1236ms',
  },
  { query: 'client_encoding=LATIN1', sql: show('client_encoding'), want: 'UTF8' },
  { query: 'replication=database', sql: 'select 1 as value', want: 1 },
  { query: 'keepalives=0&keepalives_idle=7', sql: 'select 1 as value', want: 1 },
]

void t.test('what PostgreSQL sees', async (t) => {
  for (const { query, sql, want } of seenByPostgres) {
    const engine = openEngine(t, change(postgres.url, { query }))
    t.same(await firstRow(engine.knex, sql), { value: want }, query || '(none)')
    await engine.close()
  }
})

const seenByMysql = [
  { query: '', sql: 'select @@character_set_client as value', want: 'utf8mb4' },
  { query: 'charset=latin1', sql: 'select @@character_set_client as value', want: 'latin1' },
  { query: 'statement_timeout=1500', sql: 'select @@max_statement_time as value', want: 1.5 },
  { query: 'dateStrings=true', sql: "select date('2026-01-02') as value", want: '2026-01-02' },
  { query: '', sql: "select timestamp('2026-01-02') as value", want: new Date('2026-01-02T00:00:00Z') },
  {
    query: 'timezone=%2B02:00',
    sql: "select timestamp('2026-01-02') as value",
    want: new Date('2026-01-01T22:00:00Z'),
  },
  {
    query: 'supportBigNumbers=true&bigNumberStrings=true',
    sql: 'select 9007199254740993 as value',
    want: '9007199254740993',
  },
  { query: 'decimalNumbers=1', sql: 'select 1.25 as value', want: 1.25 },
  { query: 'compress=true&enableKeepAlive=false&maxPreparedStatements=5', sql: 'select 1 as value', want: 1 },
  {
    query: 'localAddress=127.0.0.9',
    sql: "select substring_index(host, ':', 1) as value from information_schema.processlist where id = connection_id()",
    want: /^127\.0\.0\.9$|^localhost$/,
  },
]

void t.test('what MySQL sees', { skip: 'skip' in mariadb && mariadb.skip }, async (t) => {
  const { url } = mariadb as { url: string }
  for (const { query, sql, want } of seenByMysql) {
    const engine = openEngine(t, change(url, { query }))
    t.match(await firstRow(engine.knex, sql), { value: want }, query || '(none)')
    await engine.close()
  }
  const named = openEngine(t, change(url, { query: 'application_name=my-app' }))
  const connection = await clientOf(named.knex).acquireConnection()
  t.match(connection, { config: { connectAttributes: { program_name: 'my-app' } } })
  await clientOf(named.knex).releaseConnection(connection)
})

void t.test('keep-alive packets', async (t) => {
  const cases = [
    { query: '', want: { keepAlive: true, keepAliveInitialDelayMillis: 30_000 } },
    { query: 'keepalives=0', want: { keepAlive: false } },
    { query: 'keepalives_idle=7', want: { keepAlive: true, keepAliveInitialDelayMillis: 7000 } },
  ]
  for (const { query, want } of cases) {
    const engine = openEngine(t, change(postgres.url, { query }))
    t.match(clientOf(engine.knex).connectionSettings, want, query || '(none)')
  }
})

void t.test('an address apart from the name of the host', async (t) => {
  const hidden = change(postgres.url, { host: 'db.failsoft.invalid' })
  const engine = openEngine(t, `${hidden}?hostaddr=127.0.0.1`)
  t.match(await firstRow(engine.knex, 'select 1 as value'), { value: 1 })
  await engine.probe()
  t.equal(engine.info.host, 'db.failsoft.invalid')
  const nameless = openEngine(
    t,
    `postgres://${postgres.user}:${postgres.password}@/postgres?hostaddr=127.0.0.1&port=${postgres.port}`,
  )
  t.match(await firstRow(nameless.knex, 'select 1 as value'), { value: 1 })
})

void t.test('bounds', async (t) => {
  const limited = openEngine(t, change(postgres.url, { query: 'connection_limit=2&pool_timeout=1' }))
  t.equal(poolOf(limited).max, 2)
  const held = await Promise.all([limited.knex.transaction(), limited.knex.transaction()])
  const full = await measure(() => t.rejects(limited.knex.raw('select 1'), { code: 'pool-exhausted' }))
  t.ok(full.wallMs > 900 && full.awakeMs < 2000, 'pool_timeout is in seconds')
  await Promise.all(held.map((trx) => trx.rollback()))

  const silent = await startFaultServer('is silent')
  for (const url of [
    change(postgres.url, { port: silent.port, query: 'connect_timeout=1' }),
    ...('url' in mariadb ? [change(mariadb.url, { port: silent.port, query: 'connectTimeout=1000' })] : []),
  ]) {
    const engine = openEngine(t, url)
    const { wallMs, awakeMs } = await measure(() =>
      t.rejects(engine.knex.raw('select 1'), { code: 'connect-timeout' }),
    )
    t.ok(wallMs > 900 && awakeMs < 2000, `${awakeMs} of ${wallMs} ms`)
    await engine.close()
  }
  await silent.close()

  const impatient = openEngine(t, change(postgres.url, { query: 'query_timeout=100' }))
  await t.rejects(impatient.knex.raw('select pg_sleep(5)'), /read timeout/)
})

void t.test('bounds that mean none are those by default', async (t) => {
  for (const query of [
    'connect_timeout=0',
    'connect_timeout=-1',
    'connection_limit=0',
    'connect_timeout=9999999999',
    'pool_timeout=0',
  ]) {
    const engine = openEngine(t, change(postgres.url, { query }))
    t.match(await engine.probe(), { ok: true }, query)
    t.match(await firstRow(engine.knex, 'select 1 as value'), { value: 1 })
    t.equal(poolOf(engine).max, 10)
  }
  const small = openEngine(t, change(postgres.url, { query: 'connection_limit=2' }), { pool: { min: 5 } })
  t.match(
    await firstRow(small.knex, 'select 1 as value'),
    { value: 1 },
    'a smaller limit than the minimum of the program',
  )
})

void t.test('a parameter without an effect is told to the log', async (t) => {
  const events: LogEvent[] = []
  openEngine(t, 'postgres://u:canary@h/d?gssencmode=disable&application_name=x', {
    log: (event) => events.push(event),
  })
  t.match(events, [{ level: 'info', event: 'parameter-ignored', details: { parameter: 'gssencmode' } }])
  t.notMatch(JSON.stringify(events), /canary/)
})

void t.test('nothing is printed', async (t) => {
  const events: LogEvent[] = []
  const engine = openEngine(t, change(postgres.url, { port: 1 }), { log: (event) => events.push(event) })
  await t.rejects(engine.knex('secrets').where({ password: 'canary' }))
  const silent = openEngine(t, postgres.url)
  await t.rejects(silent.knex('secrets').where({ password: 'canary' }), { message: /^(?!.*canary)/ })
  t.same(printed, [])
  t.ok(events.length > 0, 'what knex has to say goes to the log')
  t.notMatch(JSON.stringify(events), /canary|s3cret/)
})
