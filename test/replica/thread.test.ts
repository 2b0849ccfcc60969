import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import t from 'tap'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { CopiedDatabase, countRows, until, untilShipped, write } from './copied-database.js'

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

for (const { name: sqliteDriver, skip } of sqliteDrivers) {
  void t.test(`${sqliteDriver}: the database is closed after its thread has ended`, { skip }, async (t) => {
    const place = new CopiedDatabase({ sqliteDriver })
    const database = place.open()
    await database.connect()
    await write(database, 3)
    await untilShipped(database)
    await threads.at(-1)!.terminate()
    await until(database, ({ replica }) => replica?.problem !== undefined)
    await write(database, 2)
    await database.close()
    const again = place.open()
    void again.connect()
    t.match(await until(again, ({ status }) => status === 'connected'), { readOnly: false })
    await untilShipped(again)
    await again.close()
    place.wipe()
    await using restored = place.open()
    await restored.connect()
    t.equal(await countRows(restored), 5, 'what the thread left is copied by the next one')
  })
}
