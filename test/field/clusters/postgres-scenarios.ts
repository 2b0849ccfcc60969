import { setTimeout as sleep } from 'node:timers/promises'
import { startProxy } from '../../servers/proxy.js'
import { startPostgresCluster, type PostgresCluster, type PostgresNode } from './postgres-cluster.js'
import { runScenario, until, type ScenarioFigures } from './scenario.js'
import { awakeNow } from '../../awake.js'

/** What happens to a PostgreSQL cluster, one after the other, while writers run without pause. */
export async function* postgresScenarios(): AsyncGenerator<ScenarioFigures> {
  const cluster = await startPostgresCluster()
  try {
    for (const scenario of [kill, switchOver, allDown, partition]) yield await scenario(cluster)
  } finally {
    await cluster.remove()
  }
}

function urlOf({ nodes, urlOf }: PostgresCluster, query: string): string {
  return urlOf(
    nodes.map(({ port }) => port),
    query,
  )
}

async function kill(cluster: PostgresCluster): Promise<ScenarioFigures> {
  const [primary, behind, standby] = cluster.nodes
  const url = urlOf(cluster, 'target_session_attrs=read-write')
  const figures = await runScenario('primary killed, one standby behind', url, async () => {
    await behind.follow(undefined)
    await sleep(300)
    await primary.stop('SIGKILL')
    await sleep(500)
    return await promote(standby)
  })
  await behind.follow(standby)
  return figures
}

async function switchOver(cluster: PostgresCluster): Promise<ScenarioFigures> {
  const [, standby, primary] = cluster.nodes
  const url = urlOf(cluster, 'target_session_attrs=primary')
  const figures = await runScenario('switch-over', url, async (_database, table) => {
    // Until the standby has the table, it is not following yet.
    await until(
      async () => (await standby.ask(`select to_regclass('${table}') is not null as has`))['has'] === true,
    )
    // A server that stops in order sends everything to its standbys first.
    await primary.stop('SIGINT')
    return await promote(standby)
  })
  await primary.rejoin(standby)
  return figures
}

async function allDown(cluster: PostgresCluster): Promise<ScenarioFigures> {
  const [, primary, standby] = cluster.nodes
  const url = urlOf(cluster, 'target_session_attrs=read-write')
  return await runScenario('all down, then one up', url, async (database, table) => {
    await until(
      async () => (await standby.ask(`select to_regclass('${table}') is not null as has`))['has'] === true,
    )
    await Promise.all([primary.stop('SIGINT'), standby.stop('SIGINT')])
    await until(() => database.state.status === 'reconnecting')
    await sleep(1000)
    await primary.start()
    const since = awakeNow()
    await standby.start()
    return since
  })
}

async function partition(cluster: PostgresCluster): Promise<ScenarioFigures> {
  const [, primary, standby] = cluster.nodes
  const proxy = await startProxy(primary.port)
  const url = cluster.urlOf([proxy.port, standby.port], 'target_session_attrs=read-write')
  try {
    return await runScenario('the primary drops packets', url, async (database) => {
      proxy.stall()
      await until(() => database.state.status === 'reconnecting')
      const { lsn } = await primary.ask('select pg_current_wal_flush_lsn()::text as lsn')
      await until(
        async () =>
          (await standby.ask(`select pg_last_wal_receive_lsn() >= '${String(lsn)}' as has`))['has'] === true,
      )
      return await promote(standby)
    })
  } finally {
    await proxy.close()
  }
}

/** Returns when it was done. */
async function promote(node: PostgresNode): Promise<number> {
  await node.promote()
  return awakeNow()
}
