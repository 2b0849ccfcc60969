import { renameSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import type { Database, OpenOptions } from 'failsoft/knex'
import t from 'tap'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import {
  CopiedDatabase,
  countRows,
  reopen,
  restoredRows,
  until,
  untilShipped,
  write,
} from './copied-database.js'
import { openElsewhere } from './foreign.js'

const threads: Worker[] = []
process.on('worker', (worker) => threads.push(worker))

for (const { name: sqliteDriver, skip } of sqliteDrivers) {
  void t.test(`${sqliteDriver}: the thread that copies ends`, { skip }, async (t) => {
    const place = new CopiedDatabase({ sqliteDriver })
    await using database = place.open()
    await database.connect()
    await write(database, 3)
    await untilShipped(database)
    await threads.at(-1)!.terminate()
    const ended = await until(database, ({ replica }) => replica?.problem !== undefined)
    t.match(ended, { status: 'connected', readOnly: false, replica: { problem: { code: 'unknown-error' } } })
    await write(database, 3)
    await until(database, () => database.health().status === 'warn')
    t.ok(true, 'health tells of it')
    const back = await untilShipped(database)
    t.equal(back.replica?.problem, undefined, 'another one goes on')
    t.equal(database.health().status, 'pass')
    await write(database, 1)
    await untilShipped(database)

    await t.test('its log is moved into the file again', async () => {
      await database.knex.raw('create table bodies (body blob)')
      for (let count = 0; count < 18; count++)
        await database.knex.raw('insert into bodies values (randomblob(1000000))')
      while (statSync(place.filename).size < 16_000_000) await sleep(20)
    })

    await database.close()
    place.wipe()
    await using again = place.open()
    void again.connect()
    await until(again, ({ status }) => status === 'connected')
    t.equal(await countRows(again), 7)
  })
}

/** A database whose thread has ended, after three rows that are in the replica, and two that are in the file alone. */
async function withoutThread(place: CopiedDatabase, more: OpenOptions = {}): Promise<Database> {
  const database = place.open(more)
  await database.connect()
  await write(database, 3)
  await untilShipped(database)
  await threads.at(-1)!.terminate()
  await until(database, ({ replica }) => replica?.problem !== undefined)
  await write(database, 2)
  return database
}

void t.test('its thread ended, and its disk could not be looked at meanwhile', async (t) => {
  const place = new CopiedDatabase()
  const database = await withoutThread(place)
  t.teardown(() => database.close())
  renameSync(place.local, `${place.local}-away`)
  symlinkSync(place.local, place.local)
  await sleep(1500)
  rmSync(place.local)
  renameSync(`${place.local}-away`, place.local)
  const back = await untilShipped(database)
  t.match(back, { status: 'connected', replica: { problem: undefined } })
})

const moments = [
  { waitMs: 0, when: 'at once' },
  { waitMs: 2500, when: 'while the next one begins' },
]

for (const { waitMs, when } of moments) {
  void t.test(`closed ${when} after its thread has ended`, async (t) => {
    const place = new CopiedDatabase()
    const database = await withoutThread(place)
    await sleep(waitMs)
    await database.close()
    const again = await reopen(place)
    t.match(again.state, { readOnly: false })
    await untilShipped(again)
    await again.close()
    t.equal(await restoredRows(place), 5, 'what the thread left is copied by the next one')
  })
}

void t.test('a file behind a link is closed after its thread has ended', async (t) => {
  const place = new CopiedDatabase()
  const first = place.open()
  await first.connect()
  await first.close()
  const link = `${place.folder}/link.db`
  symlinkSync(place.filename, link)
  const more = { env: { ...place.env, DATABASE_URL: `sqlite:${link}` } }
  const database = await withoutThread(place, more)
  await database.close()
  await using again = await reopen(place, more)
  t.match(again.state, { readOnly: false })
  t.equal(await countRows(again), 5)
})

void t.test('closed after its thread has ended and an older file took its place', async (t) => {
  const place = new CopiedDatabase()
  const database = await withoutThread(place)
  const older = `${place.filename}.older`
  await database.knex.raw('vacuum into ?', [older])
  await database.knex('rows').insert({})
  renameSync(older, place.filename)
  rmSync(`${place.filename}-wal`)
  await database.close()
  await using again = place.open()
  void again.connect()
  const { problem } = await until(again, (state) => state.problem?.code.startsWith('replica-d') ?? false)
  t.equal(problem?.code, 'replica-diverged', 'the replica is not written over')
})

void t.test('closed after its thread has ended while another program has the file open', async (t) => {
  const place = new CopiedDatabase()
  const database = await withoutThread(place)
  const other = await openElsewhere(place.filename, 'select count(*) from rows')
  await database.close()
  await using again = await reopen(place)
  t.match(again.state, { readOnly: false }, 'it is known by its log')
  t.equal(await countRows(again), 5)
  other.kill()
})
