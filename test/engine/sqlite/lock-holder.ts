// A program that holds the write lock of a file until its standard input ends: node lock-holder.js FILE DRIVER

import { once } from 'node:events'
import { openSqlite } from '#lib/engine/sqlite/open-sqlite.js'
import type { SqliteDriver } from '#lib/engine/sqlite/driver-names.js'

const [filename = '', driver] = process.argv.slice(2)
const opened = openSqlite(
  { filename, params: {} },
  { role: 'primary', filesystem: 'local', driver: driver as SqliteDriver },
)
if (!opened.ok) throw new Error(opened.problem.message)
const trx = await opened.knex.transaction()
process.stdout.write('locked')
await once(process.stdin.resume(), 'end')
await trx.rollback()
await opened.knex.destroy()
