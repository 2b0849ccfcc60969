import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { classifyError } from 'failsoft/knex'
import { sqliteDrivers } from '../sqlite/drivers.js'
import { open, temporaryDirectory } from '../sqlite/open.js'

type Driver = (typeof sqliteDrivers)[number]['name']

/** Makes the driver fail for real, in one way. */
interface Failure {
  readonly name: string
  readonly code: string | RegExp
  readonly kind: ReturnType<typeof classifyError>['kind']
  readonly retryable: boolean
  provoke(t: Test, driver: Driver): Promise<unknown>
}

async function database(
  t: Test,
  driver: Driver,
  filename = join(temporaryDirectory(t), 'x.db'),
): Promise<Knex> {
  const knex = open(t, { driver, filename })
  await knex.schema.createTable('tasks', (table) => {
    table.increments()
    table.text('title').notNullable()
  })
  return knex
}

const failures: readonly Failure[] = [
  {
    name: 'the directory is missing',
    code: 'sqlite-directory-missing',
    kind: 'connection',
    retryable: false,
    provoke: async (t, driver) => {
      const inTheWay = join(temporaryDirectory(t), 'file')
      writeFileSync(inTheWay, '')
      return open(t, { driver, filename: join(inTheWay, 'x.db') }).raw('select 1')
    },
  },
  {
    name: 'a directory is in its place',
    code: 'sqlite-cannot-open',
    kind: 'connection',
    retryable: false,
    provoke: async (t, driver) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      mkdirSync(filename)
      return open(t, { driver, filename }).raw('select 1')
    },
  },
  {
    name: 'a text is in its place',
    code: 'sqlite-not-a-database',
    kind: 'connection',
    retryable: false,
    provoke: async (t, driver) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      writeFileSync(
        filename,
        'this is a text, and long enough to be looked at as a header of a database file. '.repeat(20),
      )
      return open(t, { driver, filename }).raw('select count(*) from sqlite_master')
    },
  },
  {
    name: 'the file is damaged',
    code: 'sqlite-corrupt',
    kind: 'connection',
    retryable: false,
    provoke: async (t, driver) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const knex = await database(t, driver, filename)
      await knex('tasks').insert(Array.from({ length: 200 }, () => ({ title: 'x'.repeat(500) })))
      await knex.destroy()
      truncateSync(filename, 8192)
      return open(t, { driver, filename })('tasks').select()
    },
  },
  {
    name: 'it was opened for reading',
    code: 'sqlite-read-only',
    kind: 'connection',
    retryable: false,
    provoke: async (t, driver) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      await (await database(t, driver, filename)).destroy()
      return open(t, { driver, filename, params: { mode: 'ro' } })('tasks').insert({ title: 'no' })
    },
  },
  {
    name: 'a value is missing',
    code: 'query-failed',
    kind: 'query',
    retryable: false,
    provoke: async (t, driver) => (await database(t, driver))('tasks').insert({ title: null }),
  },
  {
    name: 'the statement is wrong',
    code: 'query-failed',
    kind: 'query',
    retryable: false,
    provoke: async (t, driver) => (await database(t, driver)).raw('select nonsense from nowhere'),
  },
  {
    name: 'a write beside its own transaction',
    code: 'query-outside-transaction',
    kind: 'query',
    retryable: false,
    provoke: async (t, driver) => {
      const knex = await database(t, driver)
      return knex.transaction(async () => {
        await knex('tasks').insert({ title: 'beside' })
      })
    },
  },
  {
    name: 'it was closed',
    code: 'closed',
    kind: 'connection',
    retryable: false,
    provoke: async (t, driver) => {
      const knex = await database(t, driver)
      await knex.destroy()
      return knex('tasks').select()
    },
  },
]

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(driver, { skip }, async (t) => {
    for (const { name, code, kind, retryable, provoke } of failures) {
      await t.test(name, async (t) => {
        const error: unknown = await provoke(t, driver).then(
          () => undefined,
          (thrown: unknown) => thrown,
        )
        t.ok(error, 'it fails')
        t.match(classifyError(error), { code, kind, retryable })
      })
    }
  })
}
