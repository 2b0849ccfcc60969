import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openDatabase, type Database, type Status } from 'failsoft/knex'

/** A database on a file in a directory of its own, with a row that is in its log alone. */
async function open(t: Test): Promise<{ database: Database; directory: string; path: string }> {
  const directory = join(t.testdir({ disk: {} }), 'disk')
  const path = join(directory, 'app.db')
  const database = openDatabase({
    url: `sqlite:${path}`,
    strategy: 'never',
    log: () => {},
    prepare: async (knex) => {
      if (!(await knex.schema.hasTable('notes')))
        await knex.schema.createTable('notes', (table) => void table.string('text'))
    },
  })
  t.teardown(() => database.close({ timeoutMs: 1000 }))
  await database.connect()
  await database.knex('notes').insert({ text: 'before' })
  return { database, directory, path }
}

async function reach(database: Database, status: Status): Promise<void> {
  while (database.state.status !== status) await sleep(10)
}

/** Waits until a question in the outage was answered, and another one is due. */
async function askedAgain(database: Database): Promise<void> {
  const isFirst = (): boolean => database.state.status === 'reconnecting' && database.state.attempt === 1
  while (isFirst()) await sleep(10)
}

t.test('a disk on which the file cannot even be looked at is an outage, and its end is seen', async (t) => {
  const { database, directory } = await open(t)
  renameSync(directory, `${directory}-away`)
  symlinkSync(directory, directory)
  await t.rejects(database.knex('notes').insert({ text: 'lost' }), { code: 'sqlite-cannot-open' })
  await askedAgain(database)
  t.match(database.state, {
    status: 'reconnecting',
    problem: { code: 'sqlite-cannot-open', cause: { code: 'ELOOP' } },
  })
  rmSync(directory)
  renameSync(`${directory}-away`, directory)
  await reach(database, 'connected')
  t.same(await database.knex('notes').pluck('text'), ['before'])
})

t.test('a new file is not taken up beside the log of the old one, until that can be put aside', async (t) => {
  const { database, path } = await open(t)
  const inTheWay = `${path}-wal-replaced`
  mkdirSync(inTheWay)
  const backup = `${path}-backup`
  await using made = openDatabase({ url: `sqlite:${backup}`, strategy: 'never', log: () => {} })
  await (await made.ready()).schema.createTable('notes', (table) => void table.string('text'))
  await made.close()
  rmSync(path)
  copyFileSync(backup, path)
  await database.check()
  await askedAgain(database)
  t.match(database.state, { status: 'reconnecting', problem: { cause: { code: 'EISDIR' } } })
  rmSync(inTheWay, { recursive: true })
  await reach(database, 'connected')
  t.same(await database.knex('notes').pluck('text'), [])
})
