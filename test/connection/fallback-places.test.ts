import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { SqliteDriver } from 'failsoft'
import { openDatabase, type Database, type OpenOptions } from 'failsoft/knex'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { open } from '../engine/sqlite/open.js'

const missingDriver = sqliteDrivers.find(({ skip }) => skip)?.name
function openFallback(t: Test, options: OpenOptions): Database {
  const database = openDatabase({ env: {}, strategy: 'always', log: () => {}, ...options })
  t.teardown(() => database.close())
  return database
}

/** What was tried, after what the resolver had only looked at. */
const tried = ({ config }: Database, count: number): unknown => config.trace.slice(-count)

const damaged = 'SQLite format 3\0 and then nothing that makes sense'.padEnd(5000)

t.test('places that cannot be used are passed over, each with its reason', async (t) => {
  const cwd = t.testdir({
    text: { 'failsoft.db': 'a text, and no database' },
    damaged: { 'failsoft.db': damaged },
    inTheWay: 'a file',
  })
  const directories = ['text', 'damaged', join('inTheWay', 'below'), 'good'].map((name) => join(cwd, name))
  const database = openFallback(t, { cwd, sqlite: { directories } })
  t.match(await database.connect(), {
    status: 'fallback',
    location: { filename: join(cwd, 'good', 'failsoft.db') },
  })
  t.match(
    tried(database, 4),
    directories.map((directory, index) => ({
      subject: join(directory, 'failsoft.db'),
      outcome: index === 3 ? 'taken' : 'refused',
      why: /\w/,
    })),
  )
  t.match(await database.knex.raw('select 1 as one'), [{ one: 1 }])
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
  const database = openFallback(t, { cwd, sqlite: { directories } })
  t.match(await database.connect(), { location: { filename: join(cwd, 'good', 'failsoft.db') } })
  t.match(tried(database, 2), [
    { subject: filename, outcome: 'refused', why: /damaged|malformed/ },
    { outcome: 'taken' },
  ])
})

t.test(
  'a driver that is missing is missing in every place',
  { skip: !missingDriver && 'all SQLite drivers work here' },
  async (t) => {
    const cwd = t.testdir()
    const driver = missingDriver as SqliteDriver
    const directories = ['one', 'two'].map((name) => join(cwd, name))
    const database = openFallback(t, { cwd, sqliteDriver: driver, sqlite: { directories } })
    t.match(await database.connect(), { status: 'unavailable', problem: { code: 'driver-missing' } })
    t.match(tried(database, 1), [{ outcome: 'refused', subject: join(cwd, 'one', 'failsoft.db') }])
  },
)
