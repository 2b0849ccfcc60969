import t from 'tap'
import { expectSafe } from './expect-safe.js'
import { startGaleraCluster } from './galera-cluster.js'
import { galeraScenarios } from './galera-scenarios.js'

const cluster = await startGaleraCluster()
if ('skip' in cluster) {
  t.test('three Galera nodes under load', { skip: cluster.skip }, () => {})
} else {
  t.teardown(() => cluster.remove())
  void t.test('three Galera nodes under load', async (t) => {
    // A commit on which the nodes no longer agree is answered as a failed statement.
    for await (const figures of galeraScenarios(cluster)) expectSafe(t, figures, ['query-failed'])
  })
}
