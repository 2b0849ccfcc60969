import { createServer } from 'node:http'
import { createApp } from 'example-app'
import { migrate } from 'example-app/migrations/migrate.js'
import { openDatabase, type OpenOptions } from 'failsoft/knex'
import { pino } from 'pino'

// The example app, on the SQLite driver that DRIVER names.
const sqliteDriver = process.env['DRIVER'] as NonNullable<OpenOptions['sqliteDriver']>
const database = openDatabase({
  sqliteDriver,
  prepare: async (knex) => {
    await migrate(knex)
  },
})
const app = createApp({ database, logger: pino({ level: process.env['LOG_LEVEL'] ?? 'info' }) })
createServer(app.callback()).listen(Number(process.env['PORT']))
await database.connect()
