import { statSync } from 'node:fs'
import { openTarget } from '../engine/create-engine.ts'
import type { ManagedEngineResult } from '../engine/managed-engine.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { errorCode } from '../resolve/error-code.ts'
import type { SettledOptions } from './database.ts'
import type { Engines } from './engines.ts'
import { openReplica } from './open-replica.ts'

/** A decision for the configured database. */
export type PrimaryConfig = Extract<DatabaseConfig, { kind: 'primary' }>

/** The engine of the configured database, which is not connected yet. */
export async function openPrimaryEngine(
  { target, warnings, replica }: PrimaryConfig,
  options: SettledOptions,
  engines: Engines,
): Promise<ManagedEngineResult> {
  const keeper = target.dialect === 'sqlite' ? await openReplica(replica, options) : undefined
  const opened = openTarget(target, options, { ...options, warnings, ...(keeper && { keeper }) })
  if (opened.ok) engines.add(opened.engine)
  return opened
}

/**
 * Whether another database may stand in for this one. A file that holds something, or of which that cannot be seen,
 * is never exchanged for another, nor is one that has a replica: that would split the data.
 */
export function isExchangeable({ target, replica }: PrimaryConfig): boolean {
  if (target.dialect !== 'sqlite' || target.filename === ':memory:') return true
  if (replica) return false
  try {
    return (statSync(target.filename, { throwIfNoEntry: false })?.size ?? 0) === 0
  } catch (error) {
    return errorCode(error) === 'ENOTDIR'
  }
}
