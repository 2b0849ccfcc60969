import { resolve } from 'node:path'
import { createEngine, openTarget } from '../engine/create-engine.ts'
import type { Engine } from '../engine/engine.ts'
import type { Problem } from '../problem/problem.ts'
import { promote } from '../promote/promote.ts'
import type { PromoteOptions, PromoteReport } from '../promote/report.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { resolveDatabaseConfig } from '../resolve/resolve-database-config.ts'
import { realPath } from '../resolve/temporary.ts'
import type { Surface } from './command.ts'
import { findStandInKeeper } from './stand-in-keeper.ts'

/** What came of it. */
export interface PromotedFile {
  readonly report: PromoteReport
  /** Whether the replica of the file knows of it too, where there is one. */
  readonly isShipped: boolean
}

/** How long the replica may take to hold the rest of the file, in milliseconds. */
const shipMs = 10_000

/**
 * Copies what was written to a stand-in into a database. The replica of the file learns of it too, so that no restore brings the rows back.
 *
 * @param filename - absolute.
 * @param url - of the database; default: the configured one.
 */
export async function promoteFile(
  filename: string,
  url: string | undefined,
  surface: Surface,
  options: PromoteOptions,
): Promise<PromotedFile> {
  const { env } = surface
  const config = configFor(url, env)
  if (isIn(config, filename)) return notDone(ontoItself(filename))
  const made = createEngine(config)
  if (!made.ok) return notDone(made.problem)
  let isShipped = true
  const log = ({ message }: { readonly message: string }): void => {
    isShipped = false
    surface.complain(`failsoft: ${message}`)
  }
  try {
    // Who closes a file moves its log, and with it the proof that file and replica belong together: a trial only reads.
    const kept = options.dryRun
      ? { ok: true as const }
      : await findStandInKeeper(filename, { replica: config.replica, env, log })
    if (!kept.ok) return notDone(kept.problem)
    const target = { dialect: 'sqlite', filename, params: options.dryRun ? { mode: 'ro' } : {} } as const
    const opened = openTarget(target, {}, kept)
    if (!opened.ok) return notDone(opened.problem)
    const report = await promoteBetween(opened.engine, made.engine, surface, options).finally(() =>
      opened.engine.close({ timeoutMs: shipMs }),
    )
    return { report, isShipped }
  } finally {
    await made.engine.close()
  }
}

/** The address of the command line has a name that its complaints can use. */
function configFor(url: string | undefined, env: Surface['env']): DatabaseConfig {
  const strategy = 'never'
  if (url === undefined) return resolveDatabaseConfig({ env, strategy })
  return resolveDatabaseConfig({ env: { ...env, '--to': url }, variables: ['--to'], strategy })
}

/** Whether the database that is copied into is the file. */
function isIn(config: DatabaseConfig, filename: string): boolean {
  if (config.kind === 'unresolved' || config.target.dialect !== 'sqlite') return false
  return realPath(resolve(config.target.filename)) === realPath(filename)
}

function ontoItself(filename: string): Problem {
  return {
    code: 'invalid-parameter',
    message: `${filename} is the database itself that its rows would be copied into.`,
    hint: 'Name the fallback file with --from FILE, or the database with --to URL.',
  }
}

async function promoteBetween(
  standIn: Engine,
  primary: Engine,
  surface: Surface,
  options: PromoteOptions,
): Promise<PromoteReport> {
  const { dialect, target } = primary.info
  const onProgress = ({ step, table, rows }: { step: string; table: string; rows: number }): void =>
    surface.showProgress?.(`${step}: ${rows} rows, ${table}`)
  const between = { standIn: standIn.knex, primary: primary.knex, dialect, target, onProgress }
  return await promote(between, options).finally(() => surface.showProgress?.(''))
}

function notDone(problem: Problem): PromotedFile {
  return { report: { done: false, rows: 0, differences: [], problem }, isShipped: true }
}
