import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { SqliteDriver } from 'failsoft'
import { openFallbackEngine } from '#lib/connection/fallback-engine.js'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { open } from '../engine/sqlite/open.js'

const missingDriver = sqliteDrivers.find(({ skip }) => skip)?.name
const damaged = 'SQLite format 3\0 and then nothing that makes sense'.padEnd(5000)

t.test('places that cannot be used are passed over, each with its reason', async (t) => {
  const cwd = t.testdir({
    text: { 'failsoft.db': 'a text, and no database' },
    damaged: { 'failsoft.db': damaged },
    inTheWay: 'a file',
  })
  const directories = ['text', 'damaged', join('inTheWay', 'below'), 'good'].map((name) => join(cwd, name))
  const found = await openFallbackEngine({ env: {}, cwd, sqlite: { directories } }, 1000)
  t.ok(found.ok)
  if (!found.ok) return
  t.teardown(() => found.engine.close())
  t.equal(found.location.filename, join(cwd, 'good', 'failsoft.db'))
  t.match(
    found.trace,
    directories.map((directory, index) => ({
      subject: join(directory, 'failsoft.db'),
      outcome: index === 3 ? 'taken' : 'refused',
      why: /\w/,
    })),
  )
  t.equal(found.trace.length, 4)
  t.match(await found.engine.knex.raw('select 1 as one'), [{ one: 1 }])
})

t.test('a file whose damage shows only when it is used is passed over', async (t) => {
  const cwd = t.testdir({ damaged: {} })
  const filename = join(cwd, 'damaged', 'failsoft.db')
  const knex = open(t, { filename })
  await knex.schema.createTable('notes', (table) => table.increments('id'))
  await knex.destroy()
  const file = readFileSync(filename)
  const headerBytes = 100
  writeFileSync(filename, file.fill(0xff, headerBytes, 2 * headerBytes))
  const directories = ['damaged', 'good'].map((name) => join(cwd, name))
  const found = await openFallbackEngine({ env: {}, cwd, sqlite: { directories } }, 1000)
  t.match(found, { ok: true, location: { filename: join(cwd, 'good', 'failsoft.db') } })
  t.match(found.trace, [
    { subject: filename, outcome: 'refused', why: /damaged|malformed/ },
    { outcome: 'taken' },
  ])
  if (found.ok) await found.engine.close()
})

t.test(
  'a driver that is missing is missing in every place',
  { skip: !missingDriver && 'all SQLite drivers work here' },
  async (t) => {
    const cwd = t.testdir()
    const driver = missingDriver as SqliteDriver
    const directories = ['one', 'two'].map((name) => join(cwd, name))
    for (const options of [
      { sqliteDriver: driver, sqlite: { directories } },
      { sqlite: { driver, directories } },
    ]) {
      const found = await openFallbackEngine({ env: {}, cwd, ...options }, 1000)
      t.match(found, { ok: false, problem: { code: 'driver-missing' } })
      t.match(found.trace, [{ outcome: 'refused', subject: join(cwd, 'one', 'failsoft.db') }])
      t.equal(found.trace.length, 1)
    }
  },
)
