import { openDatabase } from 'failsoft/knex'

// In a process of its own, so that loading the drivers counts too.
const [url, connectTimeoutMs] = process.argv.slice(2)
const started = performance.now()
const database = openDatabase({
  ...(url !== undefined && { url }),
  strategy: 'always',
  connectTimeoutMs: Number(connectTimeoutMs),
  log: () => {},
})
const knex = await database.ready()
await knex.raw('select 1')
const milliseconds = performance.now() - started
process.stdout.write(JSON.stringify({ milliseconds, status: database.state.status }))
await database.close()
