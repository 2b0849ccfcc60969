import { highestClaim, leaseKeys } from './lease-keys.ts'
import type { ReplicaTarget } from './replica-target.ts'

/** How often a lease that somebody holds is looked at, in milliseconds. */
export const lookMs = 250

/** Tells for how long a lease stood unchanged. Clocks are not compared. */
export class LeaseWatch {
  readonly #target: ReplicaTarget
  #seen = ''
  #seenAt = 0
  #unchangedMs = 0

  constructor(target: ReplicaTarget) {
    this.#target = target
  }

  /** Returns for how long it has not changed, in milliseconds. A pause of this process counts as one look at most: the holder may have paused as well. */
  async look(number: number): Promise<number> {
    const beat = String(await this.#target.read(leaseKeys.beat(number)))
    const seen = `${number} ${beat}`
    const now = performance.now()
    if (seen === this.#seen) this.#unchangedMs += Math.min(now - this.#seenAt, 4 * lookMs)
    else this.#unchangedMs = 0
    this.#seen = seen
    this.#seenAt = now
    return this.#unchangedMs
  }
}

/** The number of the lease that somebody may hold; 0 where nobody does. */
export function heldNumber(keys: readonly string[]): number {
  const number = highestClaim(keys)
  return keys.includes(leaseKeys.released(number)) ? 0 : number
}
