import { Timer } from '../engine/time.ts'
import { problem, type Problem } from '../problem/problem.ts'
import { highestClaim, leaseKeys } from './lease-keys.ts'
import type { ReplicaTarget } from './replica-target.ts'

/** Who holds a lease, and what becomes of it. */
export interface LeaseOptions {
  /** Ends the wait for it. */
  readonly signal?: AbortSignal
  /** A lease that stood unchanged for so long has no holder any more. Default: 5,000. */
  readonly ttlMs?: number
  /** How often the holder shows that it lives, in milliseconds. Default: 1,500. */
  readonly renewMs?: number
  /** Somebody waits for the lease: stop writing, ship the rest. The lease is given back once this is done, and kept where it fails. */
  handOver(): Promise<void>
  /** The lease was taken by another program. */
  lost(problem: Problem): void
}

/** The right to write to a replica. */
export interface Lease {
  /** Grows with each holder; the first is 1. */
  readonly number: number
  /** When it was last seen that nobody else holds it, as `performance.now()` counts. Nobody takes it for one TTL from then. */
  readonly provenAt: number
  /** Gives it back, so that the next one need not wait. Never rejects: where the replica is away, the next one waits for one TTL. */
  release(): Promise<void>
}

/** So soon a request is looked at again, to see whether somebody still waits, in milliseconds. */
const lookAgainMs = 500

/** A lease that is held: it is renewed until it is given back, handed over or lost. While the replica is away it is held on, unproved. */
export class HeldLease implements Lease {
  readonly number: number
  provenAt: number
  readonly #target: ReplicaTarget
  readonly #options: Required<Omit<LeaseOptions, 'signal'>>
  readonly #timer = new Timer()
  #renewing: Promise<void> = Promise.resolve()
  #releasing: Promise<void> | undefined
  #isOver = false
  #isHandingOver = false
  #request = ''
  #beats = 0

  constructor(
    target: ReplicaTarget,
    number: number,
    provenAt: number,
    options: Required<Omit<LeaseOptions, 'signal'>>,
  ) {
    this.#target = target
    this.number = number
    this.provenAt = provenAt
    this.#options = options
    this.#renewIn(0)
  }

  async release(): Promise<void> {
    if (!this.#isOver) this.#releasing = this.#giveBack()
    await this.#releasing
  }

  async #giveBack(): Promise<void> {
    this.#isOver = true
    this.#timer.clear()
    await this.#renewing
    await this.#target.create(leaseKeys.released(this.number), Buffer.from('')).catch(() => undefined)
  }

  #renewIn(waitMs: number): void {
    if (this.#isOver) return
    this.#timer.set(waitMs, () => {
      this.#renewing = this.#renew()
        .catch(() => this.#options.renewMs)
        .then((nextMs) => this.#renewIn(nextMs))
    })
  }

  /** Shows that the holder lives, and looks for who took the lease or waits for it. Returns when to do it again. */
  async #renew(): Promise<number> {
    const startedAt = performance.now()
    await this.#target.show(leaseKeys.beat(this.number), Buffer.from(String(++this.#beats)))
    if (await this.#isTaken()) return this.#lose()
    this.provenAt = startedAt
    const before = this.#request
    this.#request = String((await this.#target.read(leaseKeys.request(this.number))) ?? '')
    if (this.#request === before || this.#isHandingOver) return this.#options.renewMs
    // A single request may be left from a program that is gone: only one that changes has somebody behind it.
    if (before !== '') this.#handOver()
    return Math.min(lookAgainMs, this.#options.renewMs)
  }

  /** Older claims are taken away in time, so that after a long silence the next one need not be there any more. */
  async #isTaken(): Promise<boolean> {
    const isFresh = performance.now() < this.provenAt + this.#options.ttlMs
    if (isFresh) return (await this.#target.read(leaseKeys.claim(this.number + 1))) !== undefined
    return highestClaim(await this.#target.list(leaseKeys.folder)) > this.number
  }

  #lose(): number {
    if (!this.#isOver)
      this.#options.lost(problem('replica-in-use', { target: `The replica ${this.#target.name}` }))
    this.#isOver = true
    return 0
  }

  #handOver(): void {
    this.#isHandingOver = true
    this.#options.handOver().then(
      () => this.release(),
      () => (this.#isHandingOver = false),
    )
  }
}
