import t from 'tap'
import { startPostgres } from '../servers/postgres.ts'
import { send } from './http-client.ts'
import { serve } from './serve.ts'

const owner = { authorization: 'Bearer right' }

void t.test('what was written to the fallback is brought over on request', async (t) => {
  const postgres = await startPostgres()
  t.teardown(() => postgres.remove())
  await postgres.stop()
  const cwd = t.testdir()
  const served = await serve({ url: postgres.url, strategy: 'always', cwd, apiToken: 'right' })
  t.teardown(served.close)
  t.equal(served.database.state.status, 'fallback')
  const { body: written } = await send(served.url, 'POST', '/tasks', { title: 'written meanwhile' }, owner)

  await postgres.start()
  const { status, body } = await send(served.url, 'POST', '/database/promote', undefined, owner)
  t.match({ status, body }, { status: 200, body: { done: true, rows: 1, differences: [] } })
  t.match(body, { state: { status: 'connected', dialect: 'postgres' } })
  const { body: list } = await send(served.url, 'GET', '/tasks')
  t.strictSame((list as { items: unknown }).items, [written], 'the same task, in PostgreSQL')
})
