import { openDatabase, type Database, type StateChange } from 'failsoft/knex'
import { startLoad, type LoadFigures } from './load.js'

/** What clients saw of one scenario. */
export interface ScenarioFigures extends LoadFigures {
  readonly name: string
  /** From the moment when a server that fits is there to the first accepted write, in milliseconds awake. */
  readonly recoveryMs: number
  readonly changes: readonly StateChange[]
  readonly generations: number
  /** How often another host came into use. */
  readonly moves: number
}

/** Opens a database without a fallback, connected. */
export async function connect(url: string): Promise<Database> {
  const database = openDatabase({ env: { DATABASE_URL: url }, strategy: 'never', log: () => {} })
  const state = await database.connect()
  if (state.status !== 'connected') throw new Error(JSON.stringify(state))
  return database
}

function hostOf({ state }: Database): number | undefined {
  return 'engine' in state ? state.engine.hostNumber : undefined
}

let count = 0

/**
 * Lets writers run while something happens to their servers.
 *
 * @param act - returns the moment at which a server that fits was there, on the clock of `awakeNow`.
 */
export async function runScenario(
  name: string,
  url: string,
  act: (database: Database, table: string) => Promise<number>,
): Promise<ScenarioFigures> {
  const database = await connect(url)
  try {
    const table = `load_${++count}`
    const changes: StateChange[] = []
    const before = database.state.generation
    const load = await startLoad(database, table)
    await until(() => load.acknowledged() > 20)
    const hosts = [hostOf(database)]
    const stop = database.onStateChange((change) => {
      changes.push(change)
      if (change.to === 'connected' && hosts.at(-1) !== hostOf(database)) hosts.push(hostOf(database))
    })
    const since = await act(database, table)
    await until(() => load.firstWriteMs(since) < Infinity && database.state.status === 'connected')
    const enough = load.acknowledged() + 20
    await until(() => load.acknowledged() > enough)
    stop()
    const figures = await load.end()
    const generations = database.state.generation - before
    return {
      ...figures,
      name,
      recoveryMs: load.firstWriteMs(since),
      changes,
      generations,
      moves: hosts.length - 1,
    }
  } finally {
    await database.close()
  }
}

/** Waits until something holds; the caller's own time limit bounds it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10))
}
