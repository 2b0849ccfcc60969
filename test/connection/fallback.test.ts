import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type OpenOptions, type Status } from 'failsoft/knex'
import { freePort } from '../servers/free-port.js'
import { startPostgres } from '../servers/postgres.js'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { plainNode } from '../plain-node.ts'

function open(t: Test, options: OpenOptions): Database {
  const database = openDatabase({
    strategy: 'always',
    cwd: options.cwd ?? t.testdir(),
    log: () => {},
    ...options,
  })
  t.teardown(() => database.close())
  return database
}

async function reach(database: Database, status: Status): Promise<void> {
  while (database.state.status !== status) await sleep(5)
}

async function createTasks(database: Database): Promise<void> {
  await database.knex.schema.createTable('tasks', (table) => table.text('title'))
}

t.test('the primary is watched, and taken back on request, with all that ran meanwhile', async (t) => {
  const port = await freePort()
  const url = `postgres://failsoft:s3cret@127.0.0.1:${port}/postgres`
  let prepared!: () => void
  const primaryIsPrepared = new Promise<void>((resolve) => (prepared = resolve))
  const prepare: OpenOptions['prepare'] = async (knex) => {
    if (!(await knex.schema.hasTable('tasks'))) {
      await knex.schema.createTable('tasks', (table) => table.text('title'))
    }
    if ((knex.client as { dialect: string }).dialect === 'postgresql') prepared()
  }
  const database = open(t, { env: { DATABASE_URL: url }, prepare })
  t.match(await database.connect(), { status: 'fallback', generation: 1, primary: { reachable: false } })
  await database.knex('tasks').insert({ title: 'written to the fallback' })
  t.match(
    await database.returnToPrimary(),
    { status: 'fallback', generation: 1 },
    'it is still away: nothing changes',
  )

  const server = await startPostgres({ port })
  t.teardown(() => server.remove())
  while (!(database.state.status === 'fallback' && database.state.primary?.reachable)) await sleep(20)
  t.equal(database.state.status, 'fallback', 'it does not go back by itself')

  const pin = await database.pin()
  const changes: unknown[] = []
  database.onStateChange((change) => changes.push(change))
  const returning = database.returnToPrimary()
  await primaryIsPrepared
  await sleep(200)
  const queued = database.pin()
  await pin.knex('tasks').insert({ title: 'pinned' })
  t.equal(database.state.status, 'fallback', 'the switch waits for the pin')
  pin.release()
  t.match(await returning, { status: 'connected', generation: 2, engine: { dialect: 'postgres' } })
  t.match(changes, [{ from: 'fallback', to: 'connected', reason: /1 table of the fallback holds rows/ }])
  const after = await queued
  t.same(await after.knex('tasks').pluck('title'), [], 'who came during the switch is on the primary')
  after.release()
  t.same(await database.knex('tasks').pluck('title'), [])
  t.match(
    await database.returnToPrimary(),
    { status: 'connected', generation: 2 },
    'there is nothing to return from',
  )
})

t.test('a primary that cannot be prepared is not returned to', async (t) => {
  const server = await startPostgres()
  t.teardown(() => server.remove())
  await server.stop()
  const prepare: OpenOptions['prepare'] = async (knex) => {
    if ((knex.client as { dialect: string }).dialect === 'postgresql') throw new Error('no')
  }
  const database = open(t, { env: { DATABASE_URL: server.url }, prepare })
  await database.connect()
  await server.start()
  t.match(await database.returnToPrimary(), { status: 'fallback', generation: 1 })
})

t.test('a primary that takes no writes is not returned to', async (t) => {
  const server = await startPostgres()
  t.teardown(() => server.remove())
  const admin = open(t, { env: { DATABASE_URL: server.url } })
  await (await admin.ready()).raw('alter system set default_transaction_read_only = on')
  await admin.close()
  await server.stop()
  const database = open(t, { env: { DATABASE_URL: server.url } })
  await database.connect()
  await server.start()
  t.match(await database.returnToPrimary(), { status: 'fallback' })
})

t.test('a primary that takes no writes is exchanged only where the strategy says so', async (t) => {
  const server = await startPostgres({ flags: ['-c', 'default_transaction_read_only=on'] })
  t.teardown(() => server.remove())
  for (const { strategy, want } of [
    { strategy: 'always', want: { status: 'connected', readOnly: true } },
    { strategy: { 'read-only': 'fallback' }, want: { status: 'fallback', reason: 'read-only' } },
  ] as const) {
    t.match(await open(t, { env: { DATABASE_URL: server.url }, strategy }).connect(), want)
  }
})

t.test('a SQLite primary is returned to once it can be made', async (t) => {
  const directory = t.testdir({ inTheWay: 'a file' })
  const url = `sqlite:${join(directory, 'inTheWay', 'app.db')}`
  let isMigrated = false
  const prepare: OpenOptions['prepare'] = async (knex) => {
    const { filename } = (knex.client as { connectionSettings: { filename: string } }).connectionSettings
    if (filename.includes('app.db') && !isMigrated) throw new Error('no')
  }
  const database = open(t, { env: { DATABASE_URL: url }, cwd: directory, prepare })
  t.match(await database.connect(), { status: 'fallback', primary: { reachable: false } })
  t.match(await database.returnToPrimary(), { status: 'fallback' }, 'it still cannot be made')
  rmSync(join(directory, 'inTheWay'))
  t.match(await database.returnToPrimary(), { status: 'fallback' }, 'it cannot be prepared')
  isMigrated = true
  t.match(await database.returnToPrimary(), { status: 'connected', engine: { target: url } })
})

t.test('a place without room is passed over while it holds nothing', { skip: mountFailure() }, async (t) => {
  const directory = mountSmall(t)
  writeFileSync(join(directory, 'ballast'), Buffer.alloc(fillable(directory) + 8192 - 4096))
  const database = open(t, { env: {}, sqlite: { directories: [directory] } })
  t.match(await database.connect(), { status: 'fallback', location: { filename: ':memory:' } })
  t.match(database.config.trace.slice(-2), [
    { outcome: 'refused' },
    { subject: ':memory:', outcome: 'taken' },
  ])
})

t.test('with nothing configured there is nothing to return to', async (t) => {
  const database = open(t, { env: {} })
  t.match(await database.connect(), { status: 'fallback', primary: null })
  t.match(await database.returnToPrimary(), { status: 'fallback' })
})

for (const { name: driver, skip } of sqliteDrivers) {
  t.test(`${driver}: the file of the fallback is deleted, and put back`, { skip }, async (t) => {
    const database = open(t, { env: {}, sqliteDriver: driver })
    await database.connect()
    await createTasks(database)
    const directory = join(t.testdirName, 'data')
    renameSync(directory, `${directory}-away`)
    mkdirSync(directory)
    t.match(await database.check(), { status: 'fail' })
    t.match(database.state, {
      status: 'reconnecting',
      problem: { code: 'sqlite-cannot-open', message: /deleted or exchanged/ },
    })
    await t.rejects(database.knex('tasks').insert({ title: 'lost?' }), { name: 'DatabaseUnavailableError' })
    rmSync(directory, { recursive: true })
    renameSync(`${directory}-away`, directory)
    await reach(database, 'fallback')
    await database.knex('tasks').insert({ title: 'kept' })
    t.same(await database.knex('tasks').pluck('title'), ['kept'])
  })

  t.test(
    `${driver}: the disk of the fallback is full, and has room again`,
    { skip: skip || mountFailure() },
    async (t) => {
      const directory = mountSmall(t)
      const database = open(t, { env: {}, sqliteDriver: driver, sqlite: { directories: [directory] } })
      await database.connect()
      await createTasks(database)
      await database.knex('tasks').insert({ title: 'first' })
      writeFileSync(join(directory, 'ballast'), Buffer.alloc(fillable(directory)))
      const filling = database.knex('tasks').insert({ title: 'x'.repeat(300_000) })
      await t.rejects(filling, { code: /SQLITE_(FULL|IOERR)/ })
      await reach(database, 'reconnecting')
      t.match(database.state, { problem: { code: 'sqlite-full' } })
      rmSync(join(directory, 'ballast'))
      await reach(database, 'fallback')
      await database.knex('tasks').insert({ title: 'second' })
      t.same(await database.knex('tasks').pluck('title'), ['first', 'second'])
    },
  )
}

t.test('a file that was damaged is reported, stays, and the next place is taken', async (t) => {
  const directory = t.testdir({
    data: { 'failsoft.db': 'SQLite format 3\0 and then nothing that makes sense'.padEnd(5000) },
  })
  const database = open(t, { env: {}, cwd: directory })
  const state = await database.connect()
  t.match(state, { status: 'fallback', location: { filename: join(directory, 'failsoft.db') } })
  t.equal(statSync(join(directory, 'data/failsoft.db')).size, 5000)
  t.match(database.config.explain(), /refused.*data\/failsoft\.db/)
})

t.test('a good file that is locked is never passed over', async (t) => {
  const directory = t.testdir()
  const first = open(t, { env: {}, cwd: directory, sqliteDriver: 'sqlite3' })
  await first.connect()
  await createTasks(first)
  await first.close()
  const lock = lockFile(t, join(directory, 'data', 'failsoft.db'))
  await lock.taken
  const second = open(t, { env: {}, cwd: directory, sqliteDriver: 'sqlite3', bootDeadlineMs: 1000 })
  await second.connect()
  await reach(second, 'unavailable')
  t.match(second.state, { status: 'unavailable', problem: { code: 'sqlite-busy' } })
  await lock.release()
  await reach(second, 'fallback')
  t.match(second.state, { location: { filename: join(directory, 'data', 'failsoft.db') } })
})

/** Another program holds the write lock of a file. */
function lockFile(t: Test, filename: string): { taken: Promise<unknown>; release(): Promise<void> } {
  const script = `
    const { Database } = require('sqlite3')
    const database = new Database(process.argv[1])
    database.exec('begin exclusive', () => process.stdout.write('taken'))
    setInterval(() => {}, 1000)`
  const child = spawn(...plainNode('-e', script, filename), { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  t.teardown(() => child.kill('SIGKILL'))
  return {
    taken: once(child.stdout, 'data'),
    release: async () => {
      child.kill('SIGKILL')
      await exit
    },
  }
}

/** A tmpfs that a few hundred KB fill. */
function mountSmall(t: Test): string {
  const directory = mkdtempSync(join(tmpdir(), 'failsoft-small-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory])
  t.teardown(() => execFileSync('umount', ['-l', directory]))
  return directory
}

function mountFailure(): string | false {
  return process.getuid?.() === 0 && process.platform === 'linux' ? false : 'mounting needs root on Linux'
}

function fillable(directory: string): number {
  const free = Number(execFileSync('df', ['--output=avail', '-B1', directory]).toString().split('\n')[1])
  return Math.max(0, free - 8192)
}
