import { statSync } from 'node:fs'
import { locateTarget, openTarget } from '../engine/create-engine.ts'
import type { ManagedEngineResult } from '../engine/managed-engine.ts'
import { claimLocation } from '../engine/sqlite/claim-location.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { errorCode } from '../resolve/error-code.ts'
import type { SqliteTarget } from '../url/target.ts'
import type { SettledOptions } from './database.ts'

/** A decision for the configured database. */
export type PrimaryConfig = Extract<DatabaseConfig, { kind: 'primary' }>

/** The engine of the configured database. A server is not connected yet; the place of a SQLite file is made ready. */
export async function openPrimaryEngine(
  { target }: PrimaryConfig,
  options: SettledOptions,
): Promise<ManagedEngineResult> {
  if (target.dialect === 'sqlite' && mayCreate(target)) {
    const location = locateTarget(target, options.env, options.cwd)
    const claim = await claimLocation({ location, isPrivate: false })
    if (!claim.ok) return claim
  }
  return openTarget(target, options, options)
}

/**
 * Whether another database may stand in for this one. A file that holds something, or of which that cannot be seen,
 * is never exchanged for another: that would split the data.
 */
export function isExchangeable({ target }: PrimaryConfig): boolean {
  if (target.dialect !== 'sqlite' || target.filename === ':memory:') return true
  try {
    return (statSync(target.filename, { throwIfNoEntry: false })?.size ?? 0) === 0
  } catch (error) {
    return errorCode(error) === 'ENOTDIR'
  }
}

/** `mode=ro` and `mode=rw` open only what exists (SQLite documentation, "URI Filenames"). */
function mayCreate({ params }: SqliteTarget): boolean {
  return params['mode'] !== 'ro' && params['mode'] !== 'rw'
}
