import { setTimeout as sleep } from 'node:timers/promises'
import { locateDriver } from '../engine/load-driver.ts'
import { chooseDriver } from '../engine/sqlite/drivers.ts'
import type { Problem } from '../problem/problem.ts'
import { openReplicaTarget } from '../replica/open-replica-target.ts'
import { restoreReplica, type RestoreOptions } from '../replica/restore.ts'
import { checkIntegrity } from '../replica/sqlite-handle.ts'
import { readReplicaAddress } from '../resolve/replica-address.ts'
import { problemRows, type Row } from '../resolve/rows.ts'
import type { Surface } from './command.ts'

/** What came of a restore, for a person and for a program. */
export interface RestoredCopy {
  /** The address of the replica; absent where it is none, since it may hold a secret then. */
  readonly replica?: string
  /** Whether a file was written that SQLite finds well. */
  readonly restored: boolean
  /** The newest part of the history that is in it. */
  readonly generation?: string
  readonly tookMs: number
  /** What is missing in it. */
  readonly warnings: readonly Problem[]
  /** Why there is no file. */
  readonly problem?: Problem
}

/** How often, and how soon, a replica is read again that looks damaged: a program that writes to it takes old parts away. */
const again = { times: 3, afterMs: 1000 }

/**
 * Restores a replica into a file, and asks nobody to give it up.
 *
 * @param filename - absolute; nothing lies there.
 * @param isOnlyRead - whether the replica need not take writes, and what comes before a damage is enough.
 */
export async function restoreCopy(
  address: string,
  filename: string,
  env: Surface['env'],
  isOnlyRead: boolean,
): Promise<RestoredCopy> {
  const startedAt = performance.now()
  const restored = await restore(address, filename, env, isOnlyRead)
  const tookMs = Math.round(performance.now() - startedAt)
  const named = readReplicaAddress(address, env, 'The replica').ok ? { replica: address } : {}
  if (!restored.ok) return { ...named, restored: false, tookMs, warnings: [], problem: restored.problem }
  const { history, warnings } = restored
  if (!history) return { ...named, restored: false, tookMs, warnings }
  return { ...named, restored: true, generation: history.end.point.generation, tookMs, warnings }
}

async function restore(
  replica: string,
  filename: string,
  env: Surface['env'],
  isOnlyRead: boolean,
): ReturnType<typeof restoreReplica> {
  const opened = await openReplicaTarget(replica, env, isOnlyRead)
  if (!opened.ok) return opened
  const driver = chooseDriver('auto')
  if (!driver.ok) return driver
  const { name } = driver
  const options: RestoreOptions = {
    checkIntegrity: (path) => checkIntegrity({ name, path: locateDriver(name)! }, path),
  }
  for (let tries = 1; ; tries++) {
    const isLast = tries === again.times
    const restored = await restoreReplica(opened.target, filename, {
      ...options,
      salvage: isLast && isOnlyRead,
    })
    if (restored.ok || isLast || restored.problem.code !== 'replica-damaged') return restored
    await sleep(again.afterMs)
  }
}

/** Says it to a person. */
export function explainCopy({
  replica = 'the one that is named',
  restored,
  generation,
  tookMs,
  ...found
}: RestoredCopy): Row[] {
  const { warnings, problem } = found
  const nothing = problem ? 'cannot be restored' : 'holds nothing yet'
  return [
    [
      'Replica',
      `${replica} ${restored ? `was restored in ${tookMs} ms: generation ${generation}` : nothing}`,
    ],
    ...(problem ? problemRows('Reason', problem) : []),
    ...warnings.flatMap((warning) => problemRows('Warning', warning)),
  ]
}
