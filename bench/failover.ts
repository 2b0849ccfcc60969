import type { ScenarioFigures } from '../test/field/clusters/scenario.js'

// The scenarios are those of the tests, compiled; they are no part of this program's own folder.
const clusters: string = new URL('../.test/field/clusters/', import.meta.url).href

type Scenarios = AsyncGenerator<ScenarioFigures>

/** Prints what clients saw of each scenario, line by line as they end. */
export async function reportFailover(print: (line: string) => void): Promise<void> {
  const { postgresScenarios } = (await import(`${clusters}postgres-scenarios.js`)) as {
    postgresScenarios: () => Scenarios
  }
  await reportAll('PostgreSQL', postgresScenarios(), print)
  const { startGaleraCluster } = (await import(`${clusters}galera-cluster.js`)) as {
    startGaleraCluster: () => Promise<{ remove: () => Promise<void> } | { skip: string }>
  }
  const { galeraScenarios } = (await import(`${clusters}galera-scenarios.js`)) as {
    galeraScenarios: (cluster: object) => Scenarios
  }
  const cluster = await startGaleraCluster()
  if ('skip' in cluster) return print(`Galera: skipped, ${cluster.skip}`)
  try {
    await reportAll('Galera', galeraScenarios(cluster), print)
  } finally {
    await cluster.remove()
  }
}

async function reportAll(system: string, scenarios: Scenarios, print: (line: string) => void): Promise<void> {
  for await (const { name, recoveryMs, acknowledged, found, errors, longestWaitMs } of scenarios) {
    const kept = new Set(found)
    print(`${system}: ${name}`)
    print(`  from a node that fits to the first accepted write: ${Math.round(recoveryMs)} ms`)
    print(
      `  acknowledged: ${acknowledged.length}, of these found: ${acknowledged.filter((each) => kept.has(each)).length}`,
    )
    print(`  found twice: ${found.length - kept.size}`)
    print(
      `  errors: ${
        Object.entries(errors)
          .map(([code, count]) => `${count} ${code}`)
          .join(', ') || 'none'
      }`,
    )
    print(`  longest wait of a client: ${Math.round(longestWaitMs)} ms`)
  }
}

if (process.argv[1] === import.meta.filename)
  await reportFailover((line) => process.stdout.write(`${line}\n`))
