import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import t from 'tap'
import { openDatabase } from 'failsoft/knex'
import { startPostgres } from '../servers/postgres.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())

t.test(
  'diagnostics channels carry each change of state, and each statement that failed with its connection',
  async (t) => {
    const messages: Record<string, unknown[]> = { 'failsoft:state': [], 'failsoft:trouble': [] }
    for (const name of Object.keys(messages)) {
      const listen = (message: unknown): void => void messages[name]?.push(message)
      subscribe(name, listen)
      t.teardown(() => unsubscribe(name, listen))
    }
    const database = openDatabase({ env: { DATABASE_URL: postgres.url }, log: () => {} })
    t.teardown(() => database.close())
    await database.connect()
    await t.rejects(database.knex.raw('select pg_terminate_backend(pg_backend_pid())'))
    await t.rejects(database.knex.raw('select nonsense'))
    t.match(messages, {
      'failsoft:state': [
        { from: 'idle', to: 'connecting', state: { status: 'connecting' } },
        { from: 'connecting', to: 'connected', state: { status: 'connected', generation: 1 } },
      ],
      'failsoft:trouble': [
        {
          problem: { code: 'server-shutting-down', kind: 'connection', retryable: true },
          engine: { driver: 'pg' },
          at: Number,
        },
      ],
    })
    t.equal(messages['failsoft:trouble']?.length, 1, 'a mistake in a statement is none')
    t.notMatch(JSON.stringify(messages), postgres.password)
  },
)
