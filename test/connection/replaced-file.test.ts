import {
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'

const prepare: NonNullable<OpenOptions['prepare']> = async (knex) => {
  if (!(await knex.schema.hasTable('notes')))
    await knex.schema.createTable('notes', (table) => void table.string('text'))
}

function open(t: Test, path: string, options: OpenOptions = {}): Database {
  const database = openDatabase({
    env: { DATABASE_URL: `sqlite:${path}` },
    strategy: 'never',
    prepare,
    ...options,
  })
  t.teardown(() => database.close({ timeoutMs: 1000 }))
  return database
}

async function reach(database: Database, status: string, generation?: number): Promise<void> {
  const isThere = (): boolean =>
    database.state.status === status && (generation === undefined || database.state.generation === generation)
  for (let tries = 0; tries < 1000 && !isThere(); tries++) await sleep(10)
}

/** A backup that holds these notes, and nothing beside it. */
async function makeBackup(t: Test, directory: string, texts: readonly string[]): Promise<string> {
  const path = join(directory, 'backup.db')
  const database = open(t, path)
  await database.connect()
  for (const text of texts) await database.knex('notes').insert({ text })
  await database.close()
  return path
}

/** Writes one note after the other until it is told to stop, and keeps those that were acknowledged. */
function keepWriting(database: Database): { readonly acknowledged: string[]; stop(): Promise<void> } {
  const acknowledged: string[] = []
  const over = new AbortController()
  const work = (async () => {
    for (let n = 0; !over.signal.aborted; n++) {
      const text = `written ${n}`
      const write =
        n % 2
          ? database.knex('notes').insert({ text })
          : database.transaction((trx) => trx('notes').insert({ text }))
      await Promise.resolve(write).then(
        () => acknowledged.push(text),
        () => sleep(1),
      )
      await sleep(1)
    }
  })()
  return {
    acknowledged,
    stop: async () => {
      over.abort()
      await work
    },
  }
}

const restores: Readonly<Record<string, (backup: string, path: string) => void>> = {
  'rm and copy, the log left behind': (backup, path) => {
    rmSync(path)
    copyFileSync(backup, path)
  },
  'rm of all and copy': (backup, path) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    copyFileSync(backup, path)
  },
  'rename over': (backup, path) => renameSync(backup, path),
}

for (const { name: driver, skip } of sqliteDrivers) {
  for (const [how, restore] of Object.entries(restores)) {
    t.test(`${driver}: a backup is restored under writers by ${how}`, { skip }, async (t) => {
      const directory = t.testdir()
      const path = join(directory, 'app.db')
      const backup = await makeBackup(t, directory, ['from the backup'])
      const database = open(t, path, { sqliteDriver: driver })
      await database.connect()
      await database.knex('notes').insert({ text: 'before' })
      const writing = keepWriting(database)
      while (writing.acknowledged.length < 5) await sleep(5)
      const before = writing.acknowledged.length
      restore(backup, path)
      await reach(database, 'connected', 2)
      while (writing.acknowledged.length < before + 5) await sleep(5)
      await writing.stop()
      t.match(database.state, { status: 'connected', generation: 2 })
      const kept = await database.knex('notes').pluck('text')
      t.equal(kept[0], 'from the backup')
      t.notOk(kept.includes('before'), 'nothing of the old log is in it')
      t.same(
        writing.acknowledged.slice(before),
        kept.slice(1),
        'whatever was acknowledged since is in the new file',
      )
      await database.close()
      t.match(statSync(path), { size: Number })
      const again = open(t, path, { sqliteDriver: driver })
      t.same(await (await again.ready())('notes').pluck('text'), kept)
      const { rows } = { rows: await again.knex.raw('pragma integrity_check') }
      t.match(rows, [{ integrity_check: 'ok' }])
    })
  }
}

t.test('the next write after it is refused, and so is a transaction that began before', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'app.db')
  const backup = await makeBackup(t, directory, [])
  const database = open(t, path)
  await database.connect()
  const inTransaction = database.transaction(async (trx) => {
    await trx('notes').insert({ text: 'in a transaction' })
    renameSync(backup, path)
  })
  await t.rejects(inTransaction, { code: 'sqlite-cannot-open', message: /deleted or exchanged/ })
  await t.rejects(database.knex('notes').insert({ text: 'next' }))
  await reach(database, 'connected', 2)
  t.same(await database.knex('notes'), [])
})

t.test('a file that is not whole yet, or is none, is waited for', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'app.db')
  const backup = await makeBackup(t, directory, ['whole'])
  const bytes = readFileSync(backup)
  const database = open(t, path)
  await database.connect()
  rmSync(path)
  await t.rejects(database.knex('notes').insert({ text: 'lost?' }))
  await reach(database, 'reconnecting')
  writeFileSync(path, '')
  await sleep(700)
  t.equal(statSync(path).size, 0, 'an empty one is not made a database')
  writeFileSync(path, bytes.subarray(0, 4096))
  await sleep(700)
  t.equal(database.state.status, 'reconnecting')
  t.match(database.state.problem, { code: 'sqlite-cannot-open', hint: /taken up by itself/ })
  writeFileSync(path, bytes)
  await reach(database, 'connected')
  t.same(await database.knex('notes').pluck('text'), ['whole'])
})

t.test('what is taken up is prepared, and where that fails the state says so', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'app.db')
  const backup = await makeBackup(t, directory, [])
  let mayPrepare = true
  const database = open(t, path, {
    prepare: async (knex) => {
      if (!mayPrepare) throw new Error('no such migration')
      await prepare(knex)
    },
  })
  await database.connect()
  mayPrepare = false
  renameSync(backup, path)
  await database.check()
  for (let tries = 0; tries < 500 && database.state.problem?.code !== 'migration-failed'; tries++)
    await sleep(10)
  t.match(database.state, { status: 'reconnecting', problem: { code: 'migration-failed' } })
  mayPrepare = true
  await reach(database, 'connected', 2)
  t.equal(database.state.status, 'connected')
})

t.test('a fallback takes the new file up, and goes on watching the configured database', async (t) => {
  const directory = t.testdir()
  const backup = await makeBackup(t, directory, ['from the backup'])
  const path = join(directory, 'stand-in.db')
  const database = openDatabase({
    env: { DATABASE_URL: 'postgres://app@127.0.0.1:1/none', SQLITE_PATH: path },
    strategy: 'always',
    prepare,
    log: () => {},
  })
  t.teardown(() => database.close())
  await database.connect()
  await database.knex('notes').insert({ text: 'before' })
  renameSync(backup, path)
  await t.rejects(database.knex('notes').insert({ text: 'lost?' }))
  await reach(database, 'fallback', 2)
  t.match(database.state, {
    status: 'fallback',
    reason: 'unreachable',
    problem: { code: 'connection-refused' },
    primary: { reachable: false },
    location: { filename: path },
  })
  t.same(await database.knex('notes').pluck('text'), ['from the backup'])
})

t.test('a page that is damaged is in the state, on a database that else works', async (t) => {
  const directory = t.testdir()
  const path = join(directory, 'app.db')
  const database = open(t, path, {
    prepare: async (knex) => {
      await prepare(knex)
      if (!(await knex.schema.hasTable('other')))
        await knex.schema.createTable('other', (table) => void table.string('text'))
    },
  })
  await database.connect()
  for (let n = 0; n < 200; n++) await database.knex('notes').insert({ text: 'x'.repeat(200) })
  await database.knex('other').insert({ text: 'whole' })
  const { rootpage } = await database
    .knex('sqlite_master')
    .where({ name: 'notes' })
    .first<{ rootpage: number }>('rootpage')
  await database.close()
  const descriptor = openSync(path, 'r+')
  writeSync(descriptor, Buffer.alloc(200, 7), 0, 200, (rootpage - 1) * 4096)
  closeSync(descriptor)
  const damaged = open(t, path)
  await damaged.connect()
  await t.rejects(damaged.knex('notes').select('text'), { code: /SQLITE_CORRUPT/ })
  for (let tries = 0; tries < 500 && !damaged.state.problem; tries++) await sleep(10)
  t.match(damaged.state, { status: 'connected', problem: { code: 'sqlite-corrupt' } })
  t.equal(damaged.health().status, 'warn')
  t.same(await damaged.knex('other').pluck('text'), ['whole'])
  t.ok(existsSync(path))
})
