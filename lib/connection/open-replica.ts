import type { FileKeeper } from '../engine/sqlite/file-keeper.ts'
import type { ReplicaSettings } from '../resolve/config.ts'
import type { SettledOptions } from './database.ts'

/** What keeps the copy of a SQLite file, where there is to be one. It is loaded on demand. */
export async function openReplica(
  replica: ReplicaSettings | undefined,
  { env, log }: SettledOptions,
): Promise<FileKeeper | undefined> {
  if (!replica) return undefined
  const { FileReplica } = await import('../replica/file-replica.ts')
  return new FileReplica({ ...replica, env, ...(log && { log }) })
}
