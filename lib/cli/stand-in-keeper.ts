import type { LogEvent } from '../engine/engine.ts'
import type { FileKeeper } from '../engine/sqlite/file-keeper.ts'
import type { Problem } from '../problem/problem.ts'
import { FileReplica } from '../replica/file-replica.ts'
import { isHeld } from '../replica/is-held.ts'
import { readRecord } from '../replica/local-record.ts'
import { openReplicaTarget } from '../replica/open-replica-target.ts'
import type { ReplicaSettings } from '../resolve/config.ts'
import type { Surface } from './command.ts'

interface StandInSurroundings {
  /** The configured one. */
  readonly replica: ReplicaSettings | undefined
  readonly env: Surface['env']
  readonly log: (event: LogEvent) => void
}

/**
 * Finds what is to copy a file to its replica while it is written to: nothing where it has none, and where a program that runs
 * copies it anyway.
 */
export async function findStandInKeeper(
  filename: string,
  { replica, env, log }: StandInSurroundings,
): Promise<
  { readonly ok: true; readonly keeper?: FileKeeper } | { readonly ok: false; readonly problem: Problem }
> {
  const record = await readRecord(filename)
  if (!record) return { ok: true }
  if (!replica) return { ok: false, problem: replicaNotNamed(filename, record.replica) }
  const opened = await openReplicaTarget(replica.url, env)
  const isAway = !opened.ok && opened.problem.code === 'replica-unreachable'
  if (!opened.ok && !isAway) return opened
  const isCopied = opened.ok && (await isHeld(opened.target).catch(() => false))
  return isCopied ? { ok: true } : { ok: true, keeper: new FileReplica({ ...replica, env, log }) }
}

function replicaNotNamed(filename: string, replica: string): Problem {
  return {
    code: 'invalid-parameter',
    message: `${filename} is copied to ${replica}, and that replica is not named.`,
    hint: 'Set SQLITE_REPLICA to its address, so that the replica learns of the promotion. Where it is not to learn of it, take the file away whose name ends in -replica.',
  }
}
