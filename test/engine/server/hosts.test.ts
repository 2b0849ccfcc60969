import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { classifyError, type Engine, type EngineOptions } from 'failsoft/knex'
import { readSettings } from '#lib/url/settings.js'
import { startFaultServer } from '../../servers/fault-server.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { startProxy } from '../../servers/proxy.js'
import { firstRow, openEngine, targetOf, untilDead } from './open-engine.js'
import { measure } from '../../awake.js'

const primary = await startPostgres()
t.teardown(() => primary.remove())
await primary.stop()
const [standby, starting] = await Promise.all([
  startPostgres({ standbyOf: primary.dataDirectory }),
  startPostgres({ standbyOf: primary.dataDirectory, flags: ['-c', 'hot_standby=off'] }),
])
t.teardown(() => standby.remove())
t.teardown(() => starting.remove())
await primary.start()

const refusing = await startFaultServer('refuses')
const silent = await startFaultServer('is silent')
t.teardown(() => silent.close())

function listOf(ports: readonly number[], query = '', { user, password } = primary): string {
  return `postgres://${user}:${password}@${ports.map((port) => `127.0.0.1:${port}`).join(',')}/postgres?${query}`
}

function open(t: Test, ports: readonly number[], query = '', options: EngineOptions = {}): Engine {
  return openEngine(t, listOf(ports, query), options)
}

async function portOf(engine: Engine): Promise<unknown> {
  return (await firstRow(engine.knex, 'select inet_server_port() as port'))['port']
}

async function ready(port: number): Promise<void> {
  const engine = open(t, [port])
  while (!(await engine.probe()).ok) await sleep(20)
  await engine.close()
}

void t.test('the standby is up', async () => ready(standby.port))

const [P, S] = [primary.port, standby.port]
const choices = [
  { query: '', ports: [S, P], want: S },
  { query: '', ports: [P, S], want: P },
  { query: 'target_session_attrs=any', ports: [S, P], want: S },
  { query: 'target_session_attrs=read-write', ports: [S, P], want: P },
  { query: 'target_session_attrs=read-only', ports: [P, S], want: S },
  { query: 'target_session_attrs=primary', ports: [S, P], want: P },
  { query: 'target_session_attrs=standby', ports: [P, S], want: S },
  { query: 'target_session_attrs=prefer-standby', ports: [P, S], want: S },
  { query: 'target_session_attrs=prefer-standby', ports: [P, refusing.port], want: P },
  { query: 'targetServerType=primary', ports: [S, P], want: P },
  { query: 'targetServerType=preferSecondary', ports: [P, S], want: S },
  { query: 'target_session_attrs=read-write', ports: [refusing.port, S, P], want: P },
  { query: '', ports: [silent.port, P], want: P },
]

void t.test('the first host that fits', async (t) => {
  for (const { query, ports, want } of choices) {
    const engine = open(t, ports, query, { connectTimeoutMs: 1000 })
    t.equal(
      await portOf(engine),
      want,
      `${query || '(none)'} [${ports.map((port) => ports.indexOf(port) + (port === want ? '!' : '')).join()}]`,
    )
    t.match(await engine.probe(), { ok: true, readOnly: want === S })
    await engine.close()
  }
})

const failures = [
  {
    name: 'none in the role',
    query: 'target_session_attrs=read-write',
    ports: [S, S],
    want: { code: 'no-suitable-host', message: /127\.0\.0\.1 \(another role\)/ },
  },
  {
    name: 'each for a reason of its own',
    query: 'target_session_attrs=read-write',
    ports: [S, refusing.port],
    want: { code: 'no-suitable-host', message: /\(another role\), 127\.0\.0\.1 \(connection-refused\)/ },
  },
  {
    name: 'one host in another role',
    query: 'target_session_attrs=standby',
    ports: [P],
    want: { code: 'no-suitable-host' },
  },
  {
    name: 'all for the same reason',
    query: '',
    ports: [refusing.port, refusing.port],
    want: { code: 'connection-refused' },
  },
]

void t.test('why no host will do', async (t) => {
  for (const { name, query, ports, want } of failures) {
    await t.rejects(open(t, ports, query).knex.raw('select 1'), want, name)
  }
  const wrong = openEngine(t, listOf([P, S], '', { ...primary, password: 'canary' }))
  await t.rejects(wrong.knex.raw('select 1'), { code: 'auth-failed' }, 'a wrong password is one everywhere')
})

void t.test('a server that takes no connections yet', async (t) => {
  const engine = open(t, [starting.port])
  const error: unknown = await engine.knex.raw('select 1').catch((error: unknown) => error)
  t.match(classifyError(error), { code: 'server-starting', kind: 'connection', retryable: true })
})

void t.test('a silent host costs one wait, and a budget is shared out', async (t) => {
  const engine = open(t, [silent.port, P], '', { connectTimeoutMs: 400 })
  t.ok((await measure(() => engine.knex.raw('select 1'))).awakeMs < 800, 'the first connection')
  const next = await measure(async () => {
    const all = await Promise.all([1, 2, 3].map(() => engine.knex.transaction()))
    await Promise.all(all.map((trx) => trx.rollback()))
  })
  t.ok(next.awakeMs < 380, 'the next ones know better')

  const patient = open(t, [silent.port, P], '', { connectTimeoutMs: 5000 })
  t.match(await patient.probe({ timeoutMs: 3000 }), { ok: true }, 'half of the time for each of two hosts')
})

void t.test(
  'a silent host holds up nobody who waits for a promotion, but now and then gets its time',
  async (t) => {
    const engine = open(t, [silent.port, S], 'target_session_attrs=read-write', { connectTimeoutMs: 600 })
    const refuse = async (): ReturnType<typeof measure> =>
      measure(() => t.rejects(engine.knex.raw('select 1'), { code: 'no-suitable-host' }))
    t.ok((await refuse()).wallMs >= 590, 'at first')
    t.ok((await refuse()).awakeMs < 500, 'then')
    const now = performance.now.bind(performance)
    t.teardown(() => (performance.now = now))
    performance.now = () => now() + 11_000
    t.ok((await refuse()).wallMs >= 590, 'later')
    t.ok((await refuse()).awakeMs < 500, 'and then')
  },
)

void t.test('load_balance_hosts=random uses all hosts', async (t) => {
  const engine = open(t, [P, S], 'load_balance_hosts=random', { pool: { max: 20 } })
  const all = await Promise.all(Array.from({ length: 20 }, () => engine.knex.transaction()))
  const ports = await Promise.all(all.map((trx) => firstRow(trx, 'select inet_server_port() as port')))
  t.equal(new Set(ports.map(({ port }) => port)).size, 2)
  await Promise.all(all.map((trx) => trx.rollback()))
  t.ok((await engine.probe()).ok)
  const { hostNumber } = engine.info
  const more = await Promise.all(Array.from({ length: 20 }, () => engine.knex.transaction()))
  t.equal(engine.info.hostNumber, hostNumber, 'no host is moved away from')
  await Promise.all(more.map((trx) => trx.rollback()))
})

void t.test('when a host dies, the next one that fits takes over', async (t) => {
  const proxy = await startProxy(P)
  const engine = open(t, [proxy.port, S])
  t.equal(await portOf(engine), P)
  await proxy.close()
  await untilDead(engine)
  t.equal(await portOf(engine), S)
  t.match(await engine.probe(), { ok: true, readOnly: true })
})

void t.test('promotion and demotion', async (t) => {
  const engine = open(t, [P, S], 'target_session_attrs=read-write')
  await engine.knex.raw('create table if not exists notes (id integer)')
  t.equal(await portOf(engine), P)

  await primary.stop()
  await t.rejects(engine.knex('notes').insert({ id: 1 }), { code: 'no-suitable-host' })
  const admin = open(t, [S], '', { pool: { max: 1 } })
  await admin.knex.raw('select pg_promote()')
  await engine.knex.raw('create table if not exists notes (id integer)')
  t.equal(await portOf(engine), S, 'promoted')

  await primary.start()
  const [trx, rests] = await Promise.all([engine.knex.transaction(), engine.knex.transaction()])
  await trx('notes').insert({ id: 2 })
  await rests.rollback()
  await admin.knex.raw('alter system set default_transaction_read_only = on')
  await admin.knex.raw('select pg_reload_conf()')
  const refusals: unknown[] = []
  while ((await portOf(engine)) !== P) {
    await engine
      .knex('notes')
      .insert({ id: 3 })
      .catch((error: unknown) => refusals.push(error))
  }
  t.ok(refusals.length <= 1, 'demoted: at most one refusal, then the other host')
  for (const refusal of refusals) t.match(classifyError(refusal), { code: 'read-only' })
  await trx.commit()
  t.match(
    await firstRow(admin.knex, 'select count(*)::int as kept from notes where id = 2'),
    { kept: 1 },
    'a transaction stays where it began',
  )
})

void t.test('MySQL takes a list too', async (t) => {
  const [one, two] = await Promise.all([startMariadb({ flags: ['--read-only'] }), startMariadb()])
  if ('skip' in one || 'skip' in two) {
    t.pass('no server', { skip: true })
    return
  }
  t.teardown(async () => Promise.all([one.remove(), two.remove()]))
  const list = `mysql://${one.user}:${one.password}@127.0.0.1:${one.port},127.0.0.1:${two.port}/${one.database}`
  const cases = [
    { query: '', want: one.port },
    { query: 'target_session_attrs=read-write', want: two.port },
    { query: 'target_session_attrs=read-only', want: one.port },
  ]
  for (const { query, want } of cases) {
    const engine = openEngine(t, `${list}?${query}`)
    t.match(await firstRow(engine.knex, 'select @@port as port'), { port: want }, query || '(none)')
    t.match(await engine.probe(), { ok: true, readOnly: want === one.port })
  }
  const engine = openEngine(t, `${list}?target_session_attrs=read-write`)
  await engine.knex.raw('select 1')
  await two.stop()
  await t.rejects(engine.knex.raw('select 1'), {
    code: 'no-suitable-host',
    message: /connection-refused.*another role/,
  })
  const admin = openEngine(t, one.url)
  await admin.knex.raw('set global read_only = off')
  t.match(await firstRow(engine.knex, 'select @@port as port'), { port: one.port }, 'the next one that fits')
})

void t.test('the hosts of a URL', async (t) => {
  const cases = [
    { url: 'postgres://u@/d', want: [{ host: 'localhost', port: 5432 }] },
    {
      url: 'postgres://u@a,,b:1/d',
      want: [
        { host: 'a', port: 5432 },
        { host: 'localhost', port: 5432 },
        { host: 'b', port: 1 },
      ],
    },
    {
      url: 'postgres://u@a,b/d?hostaddr=192.0.2.1,192.0.2.2',
      want: [
        { host: 'a', address: '192.0.2.1' },
        { host: 'b', address: '192.0.2.2' },
      ],
    },
    { url: 'cockroachdb://u@/d', want: [{ host: 'localhost', port: 26257 }] },
    { url: 'mysql://u@/d', want: [{ host: 'localhost', port: 3306 }] },
    {
      url: 'mysql://u@h/d?socketPath=/run/mysqld.sock',
      want: [{ host: '/run/mysqld.sock', address: '/run/mysqld.sock' }],
    },
  ]
  for (const { url, want } of cases) {
    t.match(readSettings(targetOf(url)), { ok: true, settings: { hosts: want } }, url)
  }
})
