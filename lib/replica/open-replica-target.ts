import { ProblemError, problemOf } from '../engine/problem-error.ts'
import type { Problem } from '../problem/problem.ts'
import type { Environment } from '../resolve/environment.ts'
import { readReplicaAddress, type ReplicaAddress } from '../resolve/replica-address.ts'
import { DirectoryTarget } from './directory-target.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { openS3Target } from './s3-target.ts'

/** A replica that answered, or why it cannot be used. */
export type OpenedReplica =
  { readonly ok: true; readonly target: ReplicaTarget } | { readonly ok: false; readonly problem: Problem }

/**
 * Opens the replica that an address names, and sees that it can be written, unless it is only read.
 *
 * @param replica - `file:///data/todo`, or `s3://bucket/prefix?endpoint=https://…&region=…`.
 * @param env - holds the credentials of S3, in the `AWS_*` variables.
 * @returns the replica, or `invalid-parameter`, `driver-missing`, `replica-unreachable`.
 */
export async function openReplicaTarget(
  replica: string,
  env: Environment,
  isOnlyRead = false,
): Promise<OpenedReplica> {
  const read = readReplicaAddress(replica, env, 'The replica')
  if (!read.ok) return read
  try {
    return { ok: true, target: await open(read.address, isOnlyRead) }
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: problemOf(error) }
    throw error
  }
}

async function open(address: ReplicaAddress, isOnlyRead: boolean): Promise<ReplicaTarget> {
  if (address.kind === 's3') return await openS3Target(address, isOnlyRead)
  const target = new DirectoryTarget(address.directory)
  if (!isOnlyRead) await target.prepare()
  return target
}
