import { setTimeout as sleep } from 'node:timers/promises'
import { leaseKeys, leaseTtlMs } from './lease-keys.ts'
import { heldNumber, LeaseWatch, lookMs } from './lease-watch.ts'
import type { ReplicaTarget } from './replica-target.ts'

/** Whether a program that lives holds the lease of a replica. It is not asked to give it up. */
export async function isHeld(target: ReplicaTarget): Promise<boolean> {
  const watch = new LeaseWatch(target)
  for (let looks = 1; ; looks++) {
    const number = heldNumber(await target.list(leaseKeys.folder))
    if (number === 0) return false
    const unchangedMs = await watch.look(number)
    if (unchangedMs >= leaseTtlMs) return false
    if (unchangedMs === 0 && looks > 1) return true
    await sleep(lookMs)
  }
}
