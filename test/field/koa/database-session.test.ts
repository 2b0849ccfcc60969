import t from 'tap'
import { sendMixedRequests } from '../../koa/session.ts'
import { startPostgres } from '../../servers/postgres.js'

const postgres = await startPostgres()
t.teardown(() => postgres.remove())

t.test('10,000 mixed requests end with no connection checked out', { timeout: 600_000 }, async (t) =>
  sendMixedRequests(t, postgres.url, 10_000),
)
