import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Knex } from 'knex'
import t from 'tap'
import { clientOf } from '#lib/engine/knex-client.js'
import { probeSqlite } from '#lib/engine/sqlite/probe-sqlite.js'
import type { SqliteClient } from '#lib/engine/sqlite/sqlite-client.js'
import { sqliteDrivers } from './drivers.js'
import { open, temporaryDirectory } from './open.js'

const probe = (knex: Knex, options?: { write: boolean }): ReturnType<typeof probeSqlite> =>
  probeSqlite(clientOf(knex) as SqliteClient, options)

for (const { name: driver, skip } of sqliteDrivers) {
  void t.test(driver, { skip }, async (t) => {
    await t.test('a file that can be written is left as it was', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const knex = open(t, { driver, filename })
      await knex.raw('pragma user_version = 7')
      t.same(await probe(knex), { readOnly: false })
      t.same(await probe(knex, { write: true }), { readOnly: false })
      t.same(await knex.raw('pragma user_version'), [{ user_version: 7 }])
      await knex.schema.createTable('t', (table) => table.integer('a'))
      await knex.destroy()
      const before = readFileSync(filename)
      const again = open(t, { driver, filename })
      await probe(again, { write: true })
      await again.destroy()
      t.ok(readFileSync(filename).equals(before))
    })

    await t.test('a database in memory', async (t) => {
      t.same(await probe(open(t, { driver, filename: ':memory:' }), { write: true }), {
        readOnly: false,
      })
    })

    await t.test('one that was opened for reading', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const made = open(t, { driver, filename })
      await made.schema.createTable('t', (table) => table.integer('a'))
      await made.destroy()
      const knex = open(t, { driver, filename, params: { mode: 'ro' } })
      t.same(await probe(knex, { write: true }), { readOnly: true })
      t.same(await knex('t'), [], 'no transaction was left open')
    })

    await t.test('what is no database rejects', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      writeFileSync(filename, 'This is a text, and longer than the header of a database. '.repeat(20))
      const knex = open(t, { driver, filename })
      await t.rejects(probe(knex), { code: 'sqlite-not-a-database' })
      await t.rejects(probe(knex, { write: true }), { code: 'sqlite-not-a-database' })
    })

    await t.test('a lock held by somebody else rejects', async (t) => {
      const filename = join(temporaryDirectory(t), 'x.db')
      const knex = open(t, { driver, filename, params: { busy_timeout: '50' } })
      await knex.raw('create table t (a)')
      const other = await open(t, { driver, filename }).transaction()
      await t.rejects(probe(knex, { write: true }), { code: 'SQLITE_BUSY' })
      await other.rollback()
      t.same(await probe(knex, { write: true }), { readOnly: false })
    })
  })
}
