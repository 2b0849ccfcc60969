import { readdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from 'failsoft/knex'
import t from 'tap'
import { sqliteDrivers } from '../../engine/sqlite/drivers.js'
import { CopiedDatabase, restoredRows, until, untilShipped, write } from '../../replica/copied-database.ts'

const megabyte = 2 ** 20

/** Opens a database with a megabyte in each of so many rows. */
async function openFilled(place: CopiedDatabase, megabytes: number): Promise<Database> {
  const database = place.open()
  await database.connect()
  await database.knex.raw('create table bodies (n integer primary key, body blob)')
  await overwrite(database, megabytes)
  return database
}

/** Writes over them, one after the other, so that the log grows and the file does not. */
async function overwrite(database: Database, megabytes: number, count = megabytes): Promise<void> {
  for (let n = 0; n < count; n++) {
    await database.knex.raw('insert or replace into bodies values (?, randomblob(1000000))', [n % megabytes])
  }
}

function generationsOf(place: CopiedDatabase): string[] {
  return readdirSync(join(place.replica, 'generations'))
}

/** Waits until the thread that copies has been heard of again. */
async function heard(database: Database): Promise<void> {
  const { replica: before } = await until(database, () => true)
  await until(database, ({ replica }) => replica !== before)
}

for (const { name: sqliteDriver, skip } of sqliteDrivers) {
  const options = { skip, timeout: 180_000 }

  void t.test(`${sqliteDriver}: a new base is made while others write`, options, async (t) => {
    const place = new CopiedDatabase({ sqliteDriver })
    const first = await openFilled(place, 5)
    for (let count = 0; count < 4; count++) {
      await overwrite(first, 5)
      await untilShipped(first)
    }
    await first.close()
    const before = generationsOf(place)
    await using second = place.open()
    let rows = 0
    const stop = new AbortController()
    await second.connect()
    const writing = (async () => {
      for (; !stop.signal.aborted; rows++) {
        await write(second, 1)
        await sleep(1)
      }
    })()
    // The first generation of this life goes on from the one before; the next one has a base of its own.
    await until(second, ({ replica }) => /^\d+-0{7}[2-9]-/.test(replica?.generation ?? ''))
    while (generationsOf(place).some((generation) => before.includes(generation))) await sleep(20)
    t.pass('the generations before are removed')
    stop.abort()
    await writing
    await untilShipped(second)
    // The one with which this life began is removed last.
    while (generationsOf(place).length > 1) await sleep(20)
    t.equal(generationsOf(place).length, 1)
    await second.close()
    t.equal(await restoredRows(place), rows)
  })

  void t.test(`${sqliteDriver}: the log stays small while the replica is away`, options, async (t) => {
    const place = new CopiedDatabase({ sqliteDriver })
    const database = await openFilled(place, 4)
    await write(database, 3)
    const { replica: before } = await untilShipped(database)
    renameSync(place.replica, `${place.replica}.away`)
    let most = 0
    for (let count = 0; count < 24; count++) {
      await overwrite(database, 4)
      await write(database, 1)
      most = Math.max(most, statSync(`${place.filename}-wal`).size)
      for (let times = 0; times < 2; times++) await heard(database)
    }
    t.ok(most <= 64 * megabyte, `at most ${most} bytes`)
    t.ok(most > 16 * megabyte)
    renameSync(`${place.replica}.away`, place.replica)
    const { replica: after } = await untilShipped(database)
    t.not(after?.generation, before?.generation, 'it begins anew')
    await write(database, 1)
    await untilShipped(database)
    await database.close()
    t.equal(await restoredRows(place), 28)
  })
}
