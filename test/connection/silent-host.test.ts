import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import { startPostgres } from '../servers/postgres.js'
import { startProxy } from '../servers/proxy.js'

const [primary, standby] = await Promise.all([
  startPostgres(),
  startPostgres({ flags: ['-c', 'default_transaction_read_only=on'] }),
])
t.teardown(async () => Promise.all([primary.remove(), standby.remove()]))

t.test('another host that answers, and does not fit, says nothing of the silent one in use', async (t) => {
  const proxy = await startProxy(primary.port)
  t.teardown(() => proxy.close())
  const hosts = [proxy.port, standby.port].map((port) => `127.0.0.1:${port}`).join(',')
  const database = openDatabase({
    url: `postgres://${primary.user}:${primary.password}@${hosts}/postgres?target_session_attrs=read-write`,
    strategy: 'never',
    connectTimeoutMs: 2000,
  })
  t.teardown(() => database.close({ timeoutMs: 0 }))
  const trx = await (await database.ready()).transaction()
  proxy.stall()
  const waiting = t.rejects(Promise.resolve(trx.raw('select 1')), { code: 'connection-lost' })
  // What was on its way when it fell silent counts as an answer once.
  for (let asked = 0; asked < 2; asked++) await database.check({ timeoutMs: 30_000 })
  t.match(database.state, { status: 'reconnecting', problem: { code: 'no-suitable-host' } })
  await waiting
  proxy.resume()
  await new Promise<void>((resolve) => database.onStateChange(({ to }) => to === 'connected' && resolve()))
  await database.knex.raw('select 1')
})
