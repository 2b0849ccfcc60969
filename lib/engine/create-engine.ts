import { resolve } from 'node:path'
import type { ProblemCode } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'
import type { DatabaseConfig, SqliteLocation } from '../resolve/config.ts'
import { connectionAdvice, platformCode } from '../resolve/connection-advice.ts'
import { detectPlatform } from '../resolve/platforms.ts'
import { locate, lookAround } from '../resolve/sqlite-location.ts'
import { workingDirectory } from '../resolve/working-directory.ts'
import { formatUrl } from '../url/format-url.ts'
import { dialects } from '../url/kinds.ts'
import type { DatabaseTarget, HostPort, ServerTarget, SqliteTarget } from '../url/target.ts'
import { checkEngineConfig, checkEngineOptions } from './check-engine-options.ts'
import type { EngineOptions, EngineResult } from './engine.ts'
import type { ErrorContext } from './errors/classify-error.ts'
import { harmless } from './log.ts'
import type { ManagedEngineResult } from './managed-engine.ts'
import { createServerEngine } from './server/create-server-engine.ts'
import type { ServerEngineOptions } from './server/plan-server.ts'
import type { FileKeeper } from './sqlite/file-keeper.ts'
import { createSqliteEngine, type SqliteEngineOptions } from './sqlite/sqlite-engine.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Makes an engine from a decision or from a target. It cannot crash a start-up: what is wrong is a value, and no
 * connection is made before the first query, which also creates the directory of a SQLite file if there is none.
 *
 * @param config - what `resolveDatabaseConfig` decided, or the target of a URL.
 * @param options - bounds, pool, SQLite driver, log.
 * @returns the engine, or a problem: `driver-missing`, `driver-broken`, `invalid-parameter`, or that of an unresolved config.
 * @throws TypeError that names an option of the wrong type, or one that does not exist.
 *
 * @example
 * ```ts
 * const made = createEngine(resolveDatabaseConfig({ env: { DATABASE_URL: 'sqlite::memory:' } }))
 * if (!made.ok) throw new Error(made.problem.message)
 * await made.engine.knex.select(made.engine.knex.raw('1 as one')) // [{ one: 1 }]
 * await made.engine.close()
 * ```
 */
export function createEngine(
  config: DatabaseConfig | DatabaseTarget,
  options: EngineOptions = {},
): EngineResult {
  checkEngineConfig(config)
  checkEngineOptions(options)
  const settled = settle(config, options)
  return 'problem' in settled ? { ok: false, problem: settled.problem } : openSettled(settled)
}

/** What an engine is made in. */
export interface Surroundings {
  readonly env?: Environment
  readonly cwd?: string
  /** What was found while the target was read. */
  readonly warnings?: readonly Problem[]
  /** Keeps a copy of a SQLite file. */
  readonly keeper?: FileKeeper
}

/** A target, and all that an engine of it is told. */
export type Settled =
  | { readonly target: ServerTarget; readonly options: ServerEngineOptions }
  | { readonly target: SqliteTarget; readonly options: SqliteEngineOptions }

/** Finds out what a decision comes to. */
export function settle(
  config: DatabaseConfig | DatabaseTarget,
  asked: EngineOptions,
): Settled | { readonly problem: Problem } {
  const options = asked.log ? { ...asked, log: harmless(asked.log) } : asked
  if (!('kind' in config)) return settleTarget(config, options)
  if (config.replica && dialectOf(config) === 'sqlite') return { problem: replicaElsewhere }
  if (config.kind === 'unresolved') return { problem: config.problem }
  if (config.kind === 'primary') return settleTarget(config.target, options, { warnings: config.warnings })
  const { target, location } = config
  return {
    target: { ...target, filename: location.filename },
    options: { ...options, role: 'fallback', location },
  }
}

/** Makes the engine of a configured database. */
export function openTarget(
  target: DatabaseTarget,
  options: EngineOptions,
  surroundings: Surroundings = {},
): ManagedEngineResult {
  return openSettled(settleTarget(target, options, surroundings))
}

/** To copy a file takes more than a knex: a lease, a thread, and an end. */
const replicaElsewhere: Problem = {
  code: 'invalid-parameter',
  message: 'The replica of the SQLite file is kept by openDatabase alone.',
  hint: 'Open it with openDatabase, or take SQLITE_REPLICA and the option sqlite.replica away.',
}

function dialectOf(config: DatabaseConfig): string | undefined {
  return config.kind === 'unresolved' ? undefined : config.target.dialect
}

function openSettled(settled: Settled): ManagedEngineResult {
  return isOfServer(settled)
    ? createServerEngine(settled.target, settled.options)
    : createSqliteEngine(settled.target, settled.options)
}

/** Whether it leads to a server. */
export function isOfServer(settled: Settled): settled is Extract<Settled, { target: ServerTarget }> {
  return settled.target.dialect !== 'sqlite'
}

function settleTarget(
  target: DatabaseTarget,
  options: EngineOptions,
  surroundings: Surroundings = {},
): Settled {
  const env = surroundings.env ?? process.env
  if (target.dialect !== 'sqlite') return { target, options: serverOptions(options, surroundings) }
  const location = locateTarget(target, env, surroundings)
  const { keeper } = surroundings
  return {
    target: { ...target, filename: location.filename },
    options: { ...options, role: 'primary', location, ...(keeper && { keeper }) },
  }
}

/** What an engine on a server is told. */
export function serverOptions(
  options: EngineOptions,
  { env = process.env, warnings }: Surroundings,
): ServerEngineOptions {
  return { ...options, contextOf: contextIn(env), cleaned: cleanedPassword(warnings) }
}

const cleanings: readonly ProblemCode[] = ['wrapped-in-quotes', 'surrounding-whitespace']

/** What a warning of the resolution says of the variable of a password. */
function cleanedPassword(warnings: readonly Problem[] = []): string | undefined {
  const cleaned = warnings.find(
    ({ code, message }) => cleanings.includes(code) && /^\w*(PASS|PWD)/i.test(message),
  )
  return (
    cleaned &&
    `${cleaned.message} It was taken off: if it belongs to the password, write the URL with it, percent-encoded.`
  )
}

/** Where the file of a configured SQLite database is. */
function locateTarget(
  { filename }: SqliteTarget,
  env: Environment,
  surroundings: Surroundings,
): SqliteLocation {
  const path = filename === ':memory:' ? filename : resolve(workingDirectory(surroundings), filename)
  return locate(path, lookAround(env))
}

/** The words for a failure, with what the platform adds to them. */
function contextIn(env: Environment): (target: ServerTarget, host: HostPort) => ErrorContext {
  return (target, host) => ({
    target: formatUrl(target),
    dialect: dialects[target.dialect].name,
    refine: (code) => {
      const platform = detectPlatform(env)
      const refined = platformCode(platform, code, host) as typeof code
      return { code: refined, advice: connectionAdvice(platform, refined, host) }
    },
  })
}
