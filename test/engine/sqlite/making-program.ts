// A program that makes a file, and a table in it, at the start of a second, as others do: node making-program.js FILE DRIVER

import { setTimeout as delay } from 'node:timers/promises'
import { openSqlite } from '#lib/engine/sqlite/open-sqlite.js'
import type { SqliteDriver } from '#lib/engine/sqlite/driver-names.js'

const [filename = '', driver] = process.argv.slice(2)
const opened = openSqlite(
  { filename, params: {} },
  { role: 'primary', filesystem: 'local', driver: driver as SqliteDriver },
)
if (!opened.ok) throw new Error(opened.problem.message)
const { knex } = opened
await delay(1000 - (Date.now() % 1000))
await Promise.all([
  knex.raw('create table if not exists rows (id)'),
  knex.raw('select 1'),
  knex.raw('select 1'),
])
await knex.destroy()
process.stdout.write('made')
