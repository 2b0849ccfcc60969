import { problem, type Problem } from '../problem/problem.ts'
import type { Commit, History } from './history.ts'
import { readRecord, recordedReplica, type LocalRecord } from './local-record.ts'
import { LogReader, type LogPoint } from './log-reader.ts'
import { replicaUnreachable } from './replica-failure.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { replicaDamaged } from './restore.ts'
import type { HistoryPoint } from './start.ts'

/** How the copying of a file begins. */
export type Beginning =
  /** With a copy of the whole file. */
  | { readonly with: 'base' }
  /** Where the replica has come to: the file is exactly that. Without `log`, what is in the log of the file comes after it. */
  | { readonly with: 'parent'; readonly parent: HistoryPoint; readonly log?: LogPoint }

/**
 * Compares a file that is here with what the replica holds. It is proved that it holds all of that: by its log, in which the place of
 * the last commit is found, or by the record of a file that nobody wrote to since.
 *
 * @returns how copying goes on, or `replica-diverged`, `replica-damaged`. It rejects with `replica-unreachable`, also where nothing is left of a copy.
 */
export async function compareLocal(
  target: ReplicaTarget,
  filename: string,
  history: History | undefined,
): Promise<Beginning | Problem> {
  if (!history) {
    await expectNothing(target, filename)
    return { with: 'base' }
  }
  const kept = await readRecord(filename)
  const { latest, damage, torn } = history
  const record = kept?.isCurrent ? kept : undefined
  // What is damaged may show only where it is read: a person has decided on this file.
  if (record?.isSalvaged && (damage !== undefined || record.point.hash === latest?.point.hash))
    return { with: 'base' }
  const found = latest && (inLog(filename, latest) ?? inRecord(record, latest))
  if (found) return damage === undefined && torn === undefined ? found : { with: 'base' }
  if (damage !== undefined) return replicaDamaged(target, damage)
  return problem('replica-diverged', { target: `The replica ${target.name}` })
}

/** Of a replica that is empty. Rejects with `replica-unreachable` where it held a copy: a mount looks so that is not there. */
export async function expectNothing(target: ReplicaTarget, filename: string): Promise<void> {
  if ((await recordedReplica(filename)) === target.name) throw replicaUnreachable(target.name, emptied)
}

function inLog(filename: string, { point, log }: Commit): Beginning | undefined {
  if (!log) return undefined
  const reader = new LogReader(filename)
  try {
    return reader.seek(log) ? { with: 'parent', parent: point, log } : undefined
  } finally {
    reader.close()
  }
}

function inRecord(record: LocalRecord | undefined, { point }: Commit): Beginning | undefined {
  const isThere = [record?.point, record?.next].some(
    (each) => each?.hash === point.hash && each.position === point.position,
  )
  if (!record || !isThere) return undefined
  return record.isExact ? { with: 'parent', parent: point } : { with: 'base' }
}

const emptied =
  'it is empty, although it held a copy of this file. Where it was emptied on purpose, remove the file beside the database whose name ends in -replica'
