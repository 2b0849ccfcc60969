import { existsSync, renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { ProblemError, type Database } from 'failsoft/knex'
import t from 'tap'
import { sqliteDrivers } from '#test/engine/sqlite/drivers.js'
import { CopiedDatabase, countRows, until, untilShipped, write } from './copied-database.ts'

async function refusal(database: Database): Promise<string> {
  try {
    await write(database, 1)
    return 'none'
  } catch (error) {
    return error instanceof ProblemError ? error.code : String(error)
  }
}

void t.test('a newcomer gets the replica, and the one before it stops writing', async (t) => {
  const place = new CopiedDatabase()
  await using first = place.open()
  await first.connect()
  let written = 0
  const writing = (async () => {
    for (;;) {
      try {
        await write(first, 1)
        written++
      } catch {
        return
      }
      await sleep(1)
    }
  })()
  await using second = place.elsewhere().open()
  t.match(await second.connect(), { status: 'connected', readOnly: false })
  await writing
  t.ok(written > 0)
  t.equal(await countRows(second), written, 'what was acknowledged is there, and nothing else')
  t.match(await until(first, ({ readOnly }) => readOnly), {
    status: 'connected',
    problem: { code: 'replica-in-use' },
  })
  t.equal(await refusal(first), 'replica-in-use')
  t.equal(await countRows(first), written, 'it keeps its file')
  t.match(first.health(), { status: 'warn' })
  await write(second, 3)
  await second.close()
  await using third = place.elsewhere().open()
  await third.connect()
  t.equal(await countRows(third), written + 3)
})

void t.test('writes that are under way when another program takes over are told so at once', async (t) => {
  for (const { name: sqliteDriver, skip } of sqliteDrivers) {
    await t.test(sqliteDriver, { skip }, async (t) => {
      const place = new CopiedDatabase({ sqliteDriver })
      await using first = place.open()
      await first.connect()
      let written = 0
      const writeOn = async (): Promise<string> => {
        for (;;) {
          const code = await refusal(first)
          if (code !== 'none') return code
          written++
          await sleep(1)
        }
      }
      const writing = Promise.all([writeOn(), writeOn(), writeOn()])
      await until(first, () => written > 20)
      await using second = place.elsewhere().open()
      await second.connect()
      t.strictSame(
        await writing,
        Array.from({ length: 3 }, () => 'replica-in-use'),
      )
      t.equal(await countRows(second), written)
    })
  }
})

void t.test('while the replica is away the database goes on, and catches up', async (t) => {
  const place = new CopiedDatabase()
  await using database = place.open()
  await database.connect()
  await write(database, 2)
  await untilShipped(database)
  renameSync(place.replica, `${place.replica}.away`)
  await write(database, 3)
  const away = await until(database, ({ replica }) => (replica?.behindMs ?? 0) > 10 * 50)
  t.match(away, {
    status: 'connected',
    readOnly: false,
    replica: { problem: { code: 'replica-unreachable' } },
  })
  t.match(database.health(), { status: 'warn' })
  renameSync(`${place.replica}.away`, place.replica)
  const back = await untilShipped(database)
  t.equal(back.replica?.problem, undefined)
  t.equal(back.replica?.behindMs, 0)
  t.match(database.health(), { status: 'pass' })
  await database.close()
  place.wipe()
  await using again = place.open()
  await again.connect()
  t.equal(await countRows(again), 5)
})

void t.test('where the replica is away at the start and there is no file, none is begun', async (t) => {
  const place = new CopiedDatabase()
  const first = place.open()
  await first.connect()
  await write(first, 2)
  await first.close()
  place.wipe()
  renameSync(place.folder, `${place.folder}.away`)
  for (const strategy of ['always', 'unconfigured', 'never'] as const) {
    await using database = place.open({ strategy })
    t.match(
      await database.connect(),
      { status: 'unavailable', problem: { code: 'replica-unreachable' } },
      strategy,
    )
    t.notOk(existsSync(place.filename), strategy)
  }
  await using database = place.open()
  await database.connect()
  renameSync(`${place.folder}.away`, place.folder)
  await until(database, ({ status }) => status === 'connected')
  t.equal(await countRows(database), 2, 'it is tried again by itself')
})

void t.test('where the replica is away at the start the file that is here is used', async (t) => {
  const place = new CopiedDatabase()
  const first = place.open()
  await first.connect()
  await write(first, 2)
  await first.close()
  renameSync(place.replica, `${place.replica}.away`)
  await using database = place.open()
  t.match(await database.connect(), { status: 'connected', readOnly: false })
  await write(database, 1)
  renameSync(`${place.replica}.away`, place.replica)
  await untilShipped(database)
  await database.close()
  place.wipe()
  await using again = place.open()
  await again.connect()
  t.equal(await countRows(again), 3)
})
