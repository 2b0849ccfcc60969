import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { classifyError, type Engine } from 'failsoft/knex'
import { clientOf } from '#lib/engine/knex-client.js'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { startProxy } from '../../servers/proxy.js'
import { change, firstRow, openEngine, poolOf, untilDead } from './open-engine.js'
import { plainNode } from '../../plain-node.ts'
import { awakeNow, measure } from '../../awake.js'

const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

const crashes: unknown[] = []
process.on('uncaughtException', (error) => crashes.push(error))
process.on('unhandledRejection', (error) => crashes.push(error))

interface Subject {
  readonly name: string
  readonly url: string
  readonly restart: () => Promise<void>
  /** Ends every connection but the one that asks. */
  readonly killOthers: (killer: Engine) => Promise<unknown>
  readonly whoAmI: string
  readonly slow: string
}

const subjects: Subject[] = [
  {
    name: 'pg',
    url: postgres.url,
    restart: async () => {
      await postgres.stop()
      await postgres.start()
    },
    killOthers: (killer) =>
      killer.knex.raw(
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'",
      ),
    whoAmI: 'select pg_backend_pid() as id',
    slow: 'select pg_sleep(20)',
  },
]
if ('url' in mariadb) {
  subjects.push({
    name: 'mysql2',
    url: mariadb.url,
    restart: async () => {
      await mariadb.stop()
      await mariadb.start()
    },
    killOthers: async (killer) => {
      const others = await killer
        .knex('information_schema.processlist')
        .where('user', 'failsoft')
        .whereRaw('id <> connection_id()')
        .pluck<string[]>('id')
      for (const id of others) await killer.knex.raw(`kill ${id}`)
    },
    whoAmI: 'select connection_id() as id',
    slow: 'select sleep(20)',
  })
}

/** Makes so many connections, which then rest in the pool. */
async function fillPool(engine: Engine, count: number): Promise<void> {
  const all = await Promise.all(Array.from({ length: count }, () => engine.knex.transaction()))
  await Promise.all(all.map((trx) => trx.rollback()))
}

async function untilBusy(engine: Engine): Promise<void> {
  while (poolOf(engine).numUsed() === 0) await sleep(5)
  await sleep(10)
}

async function countFailures(engine: Engine, queries: number): Promise<number> {
  let failures = 0
  for (let query = 0; query < queries; query++) await engine.knex.raw('select 1').catch(() => failures++)
  return failures
}

function reportNoCrash(t: Test): void {
  t.same(crashes, [], 'nothing reached uncaughtException')
}

for (const subject of subjects) {
  const { name, url } = subject

  void t.test(`${name}: a restart of the server is invisible to connections at rest`, async (t) => {
    const engine = openEngine(t, url)
    await fillPool(engine, 3)
    await engine.probe()
    await subject.restart()
    t.equal(await countFailures(engine, 5), 0)
    t.match(await engine.probe(), { ok: true }, 'and to the probe')
    reportNoCrash(t)
  })

  void t.test(`${name}: connections killed at rest are invisible`, async (t) => {
    const engine = openEngine(t, url)
    await fillPool(engine, 3)
    const killer = openEngine(t, url, { pool: { max: 1 } })
    await subject.killOthers(killer)
    await untilDead(engine)
    t.equal(await countFailures(engine, 5), 0)
    reportNoCrash(t)
  })

  void t.test(
    `${name}: one killed in flight fails once, with its cause, and nobody gets a second dead one`,
    async (t) => {
      const engine = openEngine(t, url)
      await fillPool(engine, 4)
      const killer = openEngine(t, url, { pool: { max: 1 } })
      await killer.knex.raw('select 1')
      const failed = engine.knex.raw(subject.slow).then(
        () => undefined,
        (error: unknown) => error,
      )
      await untilBusy(engine)
      await subject.killOthers(killer)
      t.match(classifyError(await failed), { kind: 'connection', retryable: true })
      t.equal(await countFailures(engine, 5), 0)
      reportNoCrash(t)
    },
  )

  void t.test(`${name}: a cable that is cut`, async (t) => {
    const proxy = await startProxy(Number(new URL(url).port))
    t.teardown(() => proxy.close())
    const engine = openEngine(t, change(url, { port: proxy.port }))
    const trouble: string[] = []
    engine.knex.on('query-error', () => trouble.push('query-error'))
    await fillPool(engine, 4)
    const failed = engine.knex.raw(subject.slow).then(
      () => undefined,
      (error: unknown) => error,
    )
    await untilBusy(engine)
    proxy.cut()
    t.match(classifyError(await failed), { code: 'connection-lost' })
    t.equal(await countFailures(engine, 5), 0)
    reportNoCrash(t)
  })

  void t.test(`${name}: a network that says nothing any more`, async (t) => {
    const proxy = await startProxy(Number(new URL(url).port))
    t.teardown(() => proxy.close())
    const engine = openEngine(t, change(url, { port: proxy.port }), { connectTimeoutMs: 1000 })
    await fillPool(engine, 4)
    await engine.probe()
    const stalledProbe = engine.probe({ timeoutMs: 300 })
    proxy.stall()
    t.match(await stalledProbe.then(() => engine.probe({ timeoutMs: 300 })), {
      ok: false,
      problem: { code: 'connect-timeout' },
    })
    ;(engine as unknown as { suspectConnections(): void }).suspectConnections()
    const started = awakeNow()
    const error = await engine.knex.raw('select 1').catch((error: unknown) => error)
    t.match(classifyError(error), { code: 'connect-timeout' })
    t.ok(awakeNow() - started < 3000, 'one wait for an old connection, one for a new one')
    proxy.resume()
    t.equal(await countFailures(engine, 5), 0, 'and it works again')
    t.match(await engine.probe(), { ok: true })
    reportNoCrash(t)
  })

  void t.test(`${name}: dropped connections fail at once, also those in use`, async (t) => {
    const engine = openEngine(t, url)
    const managed = engine as Engine & { dropConnections(): void; isBusy(): boolean }
    const failed = engine.knex.raw(subject.slow).then(
      () => undefined,
      (error: unknown) => error,
    )
    await untilBusy(engine)
    t.ok(managed.isBusy())
    managed.dropConnections()
    t.match(classifyError(await failed), { code: 'connection-lost' })
    t.equal(await countFailures(engine, 3), 0)
    t.notOk(managed.isBusy())
    reportNoCrash(t)
  })

  void t.test(`${name}: a statement is cancelled on its own connection`, async (t) => {
    const engine = openEngine(t, url)
    const before = await firstRow(engine.knex, subject.whoAmI)
    const slow = engine.knex.raw(subject.slow).timeout(100, { cancel: true })
    await t.rejects(slow, { name: 'KnexTimeoutError' })
    const within = engine.knex.transaction(async (trx) =>
      trx.raw(subject.slow).timeout(100, { cancel: true }),
    )
    await t.rejects(within, 'in a transaction too')
    await t.rejects(clientOf(engine.knex).cancelQuery({}), { code: 'connection-lost' }, 'one that is gone')
    t.same(await firstRow(engine.knex, subject.whoAmI), before, 'which lives on')
    t.equal(poolOf(engine).numUsed(), 0)
  })
}

void t.test('close settles within its bound and rolls back what is open', async (t) => {
  await Promise.all(subjects.map((subject) => closeOverTransaction(t, subject)))
  reportNoCrash(t)
})

async function closeOverTransaction(t: Test, { url, name }: Subject): Promise<void> {
  const table = `left_open_${name}`
  const engine = openManaged(t, url)
  await engine.knex.schema.createTable(table, (columns) => void columns.integer('n'))
  const trx = await engine.knex.transaction()
  await trx(table).insert({ n: 1 })
  const { wallMs, awakeMs } = await measure(async () => {
    const closing = [engine.close({ timeoutMs: 300 }), engine.close()]
    await t.rejects(engine.knex.raw('select 1'), { code: 'closed' }, `${name}: nothing new begins`)
    await Promise.all(closing)
  })
  t.ok(wallMs > 250 && awakeMs < 500, `${name}: bounded by what was asked for, not by 5 s`)
  await t.rejects(trx.raw('select 1'), `${name}: what was kept is gone`)
  await trx.rollback().catch(() => {})
  t.notOk(engine.isBusy())
  const other = openEngine(t, url)
  t.same(await other.knex(table), [], `${name}: rolled back`)
}

void t.test('close with a bound of Infinity waits for what is open', async (t) => {
  for (const { url, name } of subjects) {
    const engine = openManaged(t, url)
    const trx = await engine.knex.transaction()
    let isClosed = false
    const closing = engine.close({ timeoutMs: Infinity }).then(() => (isClosed = true))
    await sleep(200)
    t.notOk(isClosed, name)
    t.same(await firstRow(trx, 'select 1 as value'), { value: 1 }, `${name}: which goes on`)
    await trx.commit()
    await closing
    t.ok(isClosed)
  }
  reportNoCrash(t)
})

function openManaged(t: Test, url: string): ManagedEngine {
  return openEngine(t, url) as ManagedEngine
}

void t.test('an engine that was closed keeps no process alive', async (t) => {
  const code = `
    import { validateUrl } from 'failsoft'
    import { createEngine } from 'failsoft/knex'
    for (const url of process.argv.slice(1)) {
      const { engine } = createEngine(validateUrl(url).target)
      await engine.knex.raw('select 1')
      await engine.probe()
      void engine.probe()
      await engine.close()
    }
    console.log('closed')`
  const urls = subjects.map(({ url }) => url)
  const child = spawn(...plainNode('--input-type=module', '-e', code, ...urls), {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 20_000,
  })
  const lines: string[] = []
  child.stdout.on('data', (data: Buffer) => lines.push(String(data)))
  const [exitCode] = await once(child, 'exit')
  t.equal(exitCode, 0)
  t.equal(lines.join(''), 'closed\n')
})
