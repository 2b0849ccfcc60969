// What is used of pg's pool beyond its documented API: its list of clients at rest, how often each was used, and how it lets one go. It
// was read in pg-pool 3.7 to 3.14; the tests of the pools must pass on another one.

import type { PoolSettings } from '../server/pool-settings.ts'

interface IdleClient {
  readonly _poolUseCount: number
}

/** The part of pg's pool that is used. */
export interface PoolOfIdle {
  readonly totalCount: number
  readonly _idle: readonly { readonly client: IdleClient }[]
  _remove(client: IdleClient): void
}

type IdleBounds = Pick<PoolSettings, 'min' | 'idleTimeoutMillis'>

interface Rest {
  readonly uses: number
  /** When it was first seen at rest after that use, on the monotonic clock. */
  readonly since: number
}

/** Ends the clients of a pool that rest for too long, but for the least that are to be kept. */
export class IdleClients {
  readonly #pool: PoolOfIdle
  readonly #bounds: IdleBounds
  readonly #rests = new WeakMap<IdleClient, Rest>()

  constructor(pool: PoolOfIdle, bounds: IdleBounds) {
    this.#pool = pool
    this.#bounds = bounds
  }

  look(): void {
    const { min, idleTimeoutMillis } = this.#bounds
    const now = performance.now()
    // The list changes with each that goes.
    for (const { client } of [...this.#pool._idle]) {
      if (this.#pool.totalCount <= min) return
      if (now - this.#restsSince(client, now) >= idleTimeoutMillis) this.#pool._remove(client)
    }
  }

  #restsSince(client: IdleClient, now: number): number {
    const uses = client._poolUseCount
    const known = this.#rests.get(client)
    if (known?.uses === uses) return known.since
    this.#rests.set(client, { uses, since: now })
    return now
  }
}
