import { isLater, keys, leaseOf, readNames } from './keys.ts'
import { highestClaim, leaseKeys } from './lease-keys.ts'
import type { ReplicaTarget } from './replica-target.ts'

/** Removes the generations before one that has a base of its own and is whole: the beginning of each first, without which the rest counts for nothing. */
export async function prune(target: ReplicaTarget, generation: string): Promise<void> {
  // Who took the lease meanwhile may go on from one of them.
  if (highestClaim(await target.list(leaseKeys.folder)) > leaseOf(generation)) return
  const all = await target.list(keys.folder)
  for (const [name, { start }] of readNames(all)) {
    if (!isLater(generation, name)) continue
    if (start) await target.remove(start.key)
    for (const key of all.filter((key) => key.startsWith(keys.of(name)) && key !== start?.key)) {
      await target.remove(key)
    }
  }
}
