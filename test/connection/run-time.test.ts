import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type OpenOptions, type Status } from 'failsoft/knex'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'
import { startProxy } from '../servers/proxy.js'
import { awakeNow } from '../awake.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())
const mariadb = await startMariadb()
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

interface Server {
  readonly url: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
  stop(): Promise<void>
  start(): Promise<void>
}

const servers: readonly {
  name: string
  scheme: string
  server: Server | { readonly skip: string }
  kill: string
  self: string
}[] = [
  {
    name: 'PostgreSQL',
    scheme: 'postgres',
    server: postgres,
    kill: "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'",
    self: 'select pg_sleep(30)',
  },
  { name: 'MariaDB', scheme: 'mysql', server: mariadb, kill: '', self: 'select sleep(30)' },
]

async function open(t: Test, url: string, options: OpenOptions = {}): Promise<Database> {
  const database = openDatabase({
    env: { DATABASE_URL: url },
    strategy: 'always',
    cwd: t.testdir(),
    log: () => {},
    ...options,
  })
  t.teardown(() => database.close())
  t.match(await database.connect(), { status: 'connected' })
  return database
}

/** Waits for a state; the test's own time limit bounds it. Returns how long it took, in milliseconds awake. */
async function reach(database: Database, status: Status): Promise<number> {
  const started = awakeNow()
  while (database.state.status !== status) {
    await new Promise<void>((resolve) => {
      const stop = database.onStateChange(() => {
        stop()
        resolve()
      })
    })
  }
  return awakeNow() - started
}

async function createTable(database: Database, name: string): Promise<void> {
  await database.knex.schema.dropTableIfExists(name)
  await database.knex.schema.createTable(name, (table) => table.integer('n').primary())
}

for (const { name, scheme, server, self } of servers) {
  if ('skip' in server) {
    t.test(name, { skip: server.skip }, () => {})
    continue
  }
  const { url, user, password, database: databaseName, port } = server

  t.test(`${name}: an outage refuses fast, by name, and ends within a second of the server`, async (t) => {
    const database = await open(t, url)
    await createTable(database, 'outage')
    const acknowledged: number[] = []
    const latencies: number[] = []
    const codes = new Set<string>()
    const running = { isOn: true }
    const write = async (): Promise<void> => {
      for (let n = 0; running.isOn; n++) {
        const started = awakeNow()
        const isDown = database.state.status === 'reconnecting'
        try {
          await database.transaction((trx) => trx('outage').insert({ n }))
          acknowledged.push(n)
        } catch (error) {
          codes.add(String((error as { code?: unknown }).code))
          if (isDown) latencies.push(awakeNow() - started)
        }
        await sleep(2)
      }
    }
    const writing = write()
    await sleep(100)
    await server.stop()
    await reach(database, 'reconnecting')
    t.equal(database.health().status, 'fail')
    await t.rejects(database.ready(), { name: 'DatabaseUnavailableError' })
    await t.rejects(database.knex('outage').select(), { name: 'DatabaseUnavailableError' })
    await sleep(300)
    await server.start()
    const recoveryMs = await reach(database, 'connected')
    await sleep(100)
    running.isOn = false
    await writing
    t.ok(recoveryMs < 1000, `recovered after ${Math.round(recoveryMs)} ms`)
    const slowest = Math.max(...latencies)
    t.ok(
      latencies.length > 10 && slowest < 50,
      `${latencies.length} refusals, the slowest took ${slowest.toFixed(1)} ms`,
    )
    const found = new Set<number>(await database.knex('outage').pluck('n'))
    t.same(
      acknowledged.filter((n) => !found.has(n)),
      [],
      `${acknowledged.length} acknowledged writes are all there`,
    )
    t.comment([...codes].join(', '))
    t.match(database.state, { status: 'connected', generation: 1 })
  })

  t.test(`${name}: connections that rest notice nothing of a restart`, async (t) => {
    const database = await open(t, url)
    await Promise.all([1, 2, 3].map(() => database.knex.raw('select 1')))
    await server.stop()
    await server.start()
    await database.check()
    if (database.state.status === 'reconnecting') await reach(database, 'connected')
    await Promise.all([1, 2, 3, 4].map(() => database.knex.raw('select 1')))
    t.match(database.state, { status: 'connected' })
  })

  t.test(`${name}: a connection that is killed costs its own query, and no second one`, async (t) => {
    const database = await open(t, url)
    const other = await open(t, url)
    const running = database.knex.raw(self).then(
      () => undefined,
      (error: unknown) => error,
    )
    await sleep(100)
    if (scheme === 'postgres') {
      await other.knex.raw(
        `select pg_terminate_backend(pid) from pg_stat_activity where query = '${self}' and pid <> pg_backend_pid()`,
      )
    } else {
      const [rows] = (await other.knex.raw('show processlist')) as [{ Id: number; Info: string | null }[]]
      for (const { Id, Info } of rows) if (Info === self) await other.knex.raw(`kill ${Id}`)
    }
    t.ok(await running, 'the query fails')
    const failures = await Promise.all(
      Array.from({ length: 20 }, () =>
        database.knex.raw('select 1').then(
          () => 0,
          () => 1,
        ),
      ),
    )
    t.equal(failures.filter(Boolean).length, 0, 'the next ones do not')
    t.match(database.state, { status: 'connected' })
  })

  t.test(`${name}: a network that stalls is noticed, and what waits is freed`, async (t) => {
    const proxy = await startProxy(port)
    t.teardown(() => proxy.close())
    const database = await open(
      t,
      `${scheme}://${user}:${password}@127.0.0.1:${proxy.port}/${databaseName}`,
      { connectTimeoutMs: 1000 },
    )
    await database.knex.raw('select 1')
    proxy.stall()
    const waiting = database.knex.raw('select 1').then(
      () => undefined,
      (error: unknown) => error,
    )
    // A check that was under way already may have had its answer before.
    while ((await database.check({ timeoutMs: 5000 })).status === 'pass');
    await reach(database, 'reconnecting')
    t.ok(await waiting, 'a query on a stalled connection fails')
    proxy.resume()
    t.ok((await reach(database, 'connected')) < 1500)
    await database.knex.raw('select 1')
  })

  t.test(`${name}: a transaction that is cut off rejects, and leaves nothing behind`, async (t) => {
    const proxy = await startProxy(port)
    t.teardown(() => proxy.close())
    const database = await open(t, `${scheme}://${user}:${password}@127.0.0.1:${proxy.port}/${databaseName}`)
    await createTable(database, 'cut')
    await t.rejects(
      database.transaction(async (trx) => {
        await trx('cut').insert({ n: 1 })
        proxy.cut()
        await sleep(20)
        await trx('cut').insert({ n: 2 })
      }),
    )
    await database.check()
    if (database.state.status !== 'connected') await reach(database, 'connected')
    t.same(await database.knex('cut').pluck('n'), [])
  })

  t.test(`${name}: a server that turns read-only is seen, and seen again when it takes writes`, async (t) => {
    const database = await open(t, url)
    const admin = await open(t, url)
    await createTable(database, 'read_only')
    const set = async (isOn: boolean): Promise<void> => {
      if (scheme === 'postgres') {
        await admin.knex.raw(`alter system set default_transaction_read_only = ${isOn ? 'on' : 'off'}`)
        await admin.knex.raw('select pg_reload_conf()')
      } else {
        await admin.knex.raw(`set global read_only = ${isOn ? 1 : 0}`)
      }
    }
    await set(true)
    t.teardown(() => set(false).catch(() => undefined))
    await sleep(50)
    await database.check()
    t.match(database.state, { status: 'connected', readOnly: true })
    t.equal(database.health().status, 'warn')
    await set(false)
    await sleep(50)
    await database.check()
    t.match(database.state, { status: 'connected', readOnly: false })
  })
}
