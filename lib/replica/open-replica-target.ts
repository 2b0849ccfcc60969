import { ProblemError, problemOf } from '../engine/problem-error.ts'
import type { Problem } from '../problem/problem.ts'
import type { Environment } from '../resolve/environment.ts'
import { readReplicaAddress } from '../resolve/replica-address.ts'
import { DirectoryTarget } from './directory-target.ts'
import type { ReplicaTarget } from './replica-target.ts'

/** A replica that answered, or why it cannot be used. */
export type OpenedReplica =
  { readonly ok: true; readonly target: ReplicaTarget } | { readonly ok: false; readonly problem: Problem }

/**
 * Opens the replica that an address names.
 *
 * @param replica - `file:///data/todo`, or `s3://bucket/prefix?endpoint=https://…&region=…`.
 * @param env - holds the credentials of S3, in the `AWS_*` variables.
 * @returns the replica, or `invalid-parameter`, `driver-missing`, `replica-unreachable`.
 */
export async function openReplicaTarget(replica: string, _env: Environment): Promise<OpenedReplica> {
  const read = readReplicaAddress(replica, 'The replica')
  if (!read.ok) return read
  try {
    const target = new DirectoryTarget(read.address.directory)
    await target.prepare()
    return { ok: true, target }
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: problemOf(error) }
    throw error
  }
}
