import { resolve } from 'node:path'
import type { Database } from '../connection/database.ts'
import { openDatabase } from '../connection/open-database.ts'
import type { ConnectionState } from '../connection/state.ts'
import type { HealthReport } from '../connection/health.ts'
import type { Problem } from '../problem/problem.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { problemRows, type Row } from '../resolve/rows.ts'
import { resolveDatabaseConfig } from '../resolve/resolve-database-config.ts'
import { fallsBack } from '../resolve/strategy.ts'
import { checkReplica, explainReplica, lookBesideReplica } from './check-replica.ts'
import type { Command, CommandInput, Surface } from './command.ts'
import { Footprint } from './footprint.ts'
import { printRows } from './render.ts'
import { environmentOptions, readEnvironment } from './resolve-command.ts'

/** `failsoft check`: connects for real, as a program would, and says what came of it. */
export const checkCommand: Command = {
  name: 'check',
  summary: 'Connect for real, and show the server, the latency and what is wrong',
  options: environmentOptions,
  async run({ flags, values }, surface) {
    const env = readEnvironment(values['env-file'], surface)
    if (!env) return 2
    const config = resolveDatabaseConfig({ env })
    if (config.replica) return await checkCopied(config, env, flags, surface)
    const database = openDatabase({ env, log: () => {} })
    const footprint = new Footprint(env, fileOf(database.config))
    const state = await database.connect()
    const health = await database.check()
    const { warnings } = database.config
    if (flags.has('json')) surface.print(JSON.stringify({ state, health, warnings }, null, 2))
    else printRows(explainState(state, health, warnings), surface)
    await closeWithoutTrace(database, footprint)
    return exitCode(state, warnings, flags.has('strict'))
  },
}

/** Beside a replica nothing is opened that a program which runs would have to give up. */
async function checkCopied(
  config: DatabaseConfig,
  env: Surface['env'],
  flags: CommandInput['flags'],
  surface: Surface,
): Promise<number> {
  const copy = (await checkReplica(config, env))!
  const options = lookBesideReplica(config, env)
  await using database = options && openDatabase({ ...options, log: () => {} })
  const state = await database?.connect()
  const health = await database?.check()
  const { warnings } = config
  const rows =
    state && health ? explainState(state, health, warnings) : [['File', 'there is none yet'] as const]
  if (flags.has('json')) surface.print(JSON.stringify({ state, health, warnings, replica: copy }, null, 2))
  else printRows([...rows, ...(await explainReplica(copy))], surface)
  if (copy.problem) return 2
  const isMissing = state !== undefined && state.status !== 'connected'
  if (config.kind === 'unresolved' || (isMissing && !fallsBack(config.strategy, 'unreachable'))) return 2
  const isAsAsked = config.kind === 'primary' && !isMissing && copy.warnings.length === 0
  return isAsAsked && !(flags.has('strict') && warnings.length > 0) ? 0 : 1
}

/** The file that the database in use lives in, absolute. */
function fileOf(config: DatabaseConfig): string | undefined {
  if (config.kind === 'unresolved' || config.target.dialect !== 'sqlite') return undefined
  return config.target.filename === ':memory:' ? undefined : resolve(config.target.filename)
}

async function closeWithoutTrace(database: Database, footprint: Footprint): Promise<void> {
  const { state } = database
  const filename = state.status === 'fallback' ? state.location.filename : fileOf(database.config)
  const isOpen = state.status === 'fallback' || state.status === 'connected'
  const isOwn =
    isOpen && filename !== undefined && (await footprint.isOwn(database, filename).catch(() => false))
  await database.close()
  if (isOwn) await footprint.remove(filename)
}

function explainState(
  state: ConnectionState,
  health: HealthReport,
  warnings: readonly Problem[],
): readonly Row[] {
  return [
    ['State', describeStatus(state)],
    ...(state.problem ? problemRows('Reason', state.problem) : []),
    ...('engine' in state ? engineRows(state, health) : []),
    ...warnings.flatMap((warning) => problemRows('Warning', warning)),
  ]
}

function describeStatus(state: ConnectionState): string {
  return state.status === 'connected' && state.readOnly ? 'connected, read-only' : state.status
}

function engineRows({ engine }: Extract<ConnectionState, { engine: unknown }>, health: HealthReport): Row[] {
  const latencyMs = health.checks['database:responseTime']?.[0]?.observedValue
  return [
    ['Database', engine.target],
    ...(engine.serverVersion === undefined ? [] : [['Server', engine.serverVersion] as const]),
    ['Driver', engine.driver],
    ['Latency', `${latencyMs} ms`],
  ]
}

function exitCode(state: ConnectionState, warnings: readonly Problem[], isStrict: boolean): number {
  if (state.status === 'fallback') return 1
  if (state.status !== 'connected') return 2
  return state.readOnly || (isStrict && warnings.length > 0) ? 1 : 0
}
