import { openDatabase, type Database } from 'failsoft/knex'
import t, { type Test } from 'tap'
import { startProxy } from '../../servers/proxy.js'
import { startGaleraCluster, type GaleraNode } from './galera-cluster.js'
import { startPostgresCluster } from './postgres-cluster.js'
import { until } from './scenario.js'
import { awakeNow } from '../../awake.js'

/** What the product promises, after the first good answer. */
const mostMs = 1000

async function fallBack(t: Test, url: string): Promise<Database> {
  const database = openDatabase({
    url,
    env: {},
    strategy: 'always',
    cwd: t.testdir(),
    log: () => {},
    prepare: async (knex) => {
      if (!(await knex.schema.hasTable('returned')))
        await knex.schema.createTable('returned', (table) => table.increments())
    },
  })
  t.teardown(() => database.close())
  t.match(await database.connect(), { status: 'fallback', standIn: { clean: true } })
  return database
}

/** Waits for the return, and says how long it took from the first good answer to the watch. */
async function expectReturn(t: Test, database: Database): Promise<void> {
  const answers = new Set<number>()
  let answeredAt: number | undefined
  await new Promise<void>((resolve) => {
    const look = (): void => {
      const { state } = database
      if (state.status === 'fallback' && state.primary?.reachable) {
        answeredAt ??= awakeNow()
        answers.add(state.primary.checkedAt)
      }
      if (state.status === 'connected') resolve()
      else setImmediate(look)
    }
    look()
  })
  const connectedAt = awakeNow()
  const tookMs = connectedAt - (answeredAt ?? connectedAt)
  t.comment(`connected ${Math.round(tookMs)} ms after the first good answer`)
  t.ok(answers.size <= 1, 'by the first good answer')
  t.ok(tookMs < mostMs, `${Math.round(tookMs)} ms`)
  t.match(await database.knex('returned'), [], 'it was prepared')
}

void t.test('a standby of PostgreSQL is promoted while a stand-in is in use', async (t) => {
  const cluster = await startPostgresCluster()
  t.teardown(() => cluster.remove())
  const [primary, standby] = cluster.nodes
  const ports = [primary.port, standby.port]
  await primary.stop('SIGKILL')
  const database = await fallBack(t, cluster.urlOf(ports, 'target_session_attrs=read-write'))
  t.match(database.state, { problem: { code: 'no-suitable-host' } })
  await standby.promote()
  await expectReturn(t, database)
  t.match(database.state, { engine: { hostNumber: 2 } })
})

const galera = await startGaleraCluster()
if ('skip' in galera) t.test('Galera', { skip: galera.skip }, () => {})
else {
  t.teardown(() => galera.remove())
  void t.test('one node of two of a Galera cluster comes while a stand-in is in use', async (t) => {
    const [first, second] = galera.nodes as readonly [GaleraNode, GaleraNode, GaleraNode]
    const proxies = await Promise.all([first, second].map(({ port }) => startProxy(port)))
    t.teardown(async () => Promise.all(proxies.map((proxy) => proxy.close())))
    for (const proxy of proxies) proxy.refuse(true)
    const hosts = proxies.map(({ port }) => `127.0.0.1:${port}`).join(',')
    const database = await fallBack(t, galera.url.replace(/@[^/]+/, `@${hosts}`))
    await first.kill()
    // Until the rest has agreed that one is gone, it answers, and lets every write wait.
    await until(async () => (await second.read('wsrep_cluster_size')) === '2')
    proxies[1]?.refuse(false)
    await expectReturn(t, database)
    t.match(database.state, { engine: { hostNumber: 2 } })
  })
}
