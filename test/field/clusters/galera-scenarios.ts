import { setTimeout as sleep } from 'node:timers/promises'
import type { GaleraCluster, GaleraNode } from './galera-cluster.js'
import { runScenario, until, type ScenarioFigures } from './scenario.js'
import { awakeNow } from '../../awake.js'

/** What happens to a Galera cluster, one after the other, while writers run without pause. */
export async function* galeraScenarios({ nodes, url }: GaleraCluster): AsyncGenerator<ScenarioFigures> {
  const [first, second] = nodes as readonly [GaleraNode, GaleraNode, GaleraNode]

  yield await runScenario('node cut off from its cluster', url, async (_database, table) => {
    await first.ask("set global wsrep_provider_options = 'gmcast.isolate=1'")
    // Until it knows that it is alone, it lets its clients wait.
    await until(async () => (await first.read('wsrep_ready')) === 'OFF')
    return await untilWritten(second, table)
  })
  await first.ask("set global wsrep_provider_options = 'gmcast.isolate=0'")
  await until(
    async () =>
      (await first.read('wsrep_ready')) === 'ON' && (await first.read('wsrep_cluster_size')) === '3',
  )

  yield await runScenario('node killed', url, async (_database, table) => {
    await first.kill()
    return await untilWritten(second, table)
  })
}

/** Returns when a node that is left took a write, which it does once the rest has agreed on who is left. */
async function untilWritten(node: GaleraNode, table: string): Promise<number> {
  await until(async () =>
    node.ask(`insert into ${table} (name) values ('control')`).then(
      () => true,
      async () => sleep(50, false),
    ),
  )
  return awakeNow()
}
