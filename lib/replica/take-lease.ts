import { randomUUID } from 'node:crypto'
import { ProblemError, problemOf } from '../engine/problem-error.ts'
import { settleBy } from '../engine/time.ts'
import { problem, type Problem } from '../problem/problem.ts'
import { HeldLease, type Lease, type LeaseOptions } from './lease.ts'
import { highestClaim, leaseKeys, leaseNumber, leaseTtlMs } from './lease-keys.ts'
import { heldNumber, LeaseWatch, lookMs } from './lease-watch.ts'
import { keys as generationKeys, newestNumber } from './keys.ts'
import type { ReplicaTarget } from './replica-target.ts'

/** A lease, or why there is none. */
export type TakenLease =
  { readonly ok: true; readonly lease: Lease } | { readonly ok: false; readonly problem: Problem }

/** So many old claims are kept: a holder that was silent for longer lists them all. */
const keptClaims = 16

/**
 * Takes the right to write to a replica. Clocks are not compared: a holder that lives is asked to hand over, and one that does not change
 * for one TTL of this process's own time has gone.
 *
 * @returns the lease; or, once the signal ends the wait, `replica-in-use`; or `replica-unreachable`.
 */
export async function takeLease(target: ReplicaTarget, options: LeaseOptions): Promise<TakenLease> {
  const taker = new Taker(target, { ttlMs: leaseTtlMs, renewMs: 1500, ...options })
  try {
    return await taker.take()
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problem: problemOf(error) }
    throw error
  }
}

type TakerOptions = LeaseOptions & Required<Pick<LeaseOptions, 'ttlMs' | 'renewMs'>>

class Taker {
  readonly #target: ReplicaTarget
  readonly #options: TakerOptions
  readonly #token = randomUUID()
  readonly #watch: LeaseWatch
  #requests = 0

  constructor(target: ReplicaTarget, options: TakerOptions) {
    this.#target = target
    this.#options = options
    this.#watch = new LeaseWatch(target)
  }

  async take(): Promise<TakenLease> {
    const { signal } = this.#options
    let failure: unknown
    let hasLooked = false
    while (!this.#isGivenUp) {
      try {
        const lease = await this.#tryOnce()
        if (lease) return { ok: true, lease }
        hasLooked = true
        failure = undefined
      } catch (error) {
        if (!hasLooked) throw error
        failure = error
      }
      await settleBy(new Promise(() => {}), lookMs, signal)
    }
    if (failure !== undefined) throw failure
    return { ok: false, problem: problem('replica-in-use', { target: `The replica ${this.#target.name}` }) }
  }

  get #isGivenUp(): boolean {
    return this.#options.signal?.aborted ?? false
  }

  async #tryOnce(): Promise<Lease | undefined> {
    const startedAt = performance.now()
    const keys = await this.#target.list(leaseKeys.folder)
    // Claims that somebody took away are not made again: what is copied now would count as older.
    const number = highestClaim(keys) || newestNumber(await this.#target.list(generationKeys.folder))
    if (await this.#isOwn(number)) return this.#hold(number, startedAt, keys)
    if (!(await this.#isFree(number, keys))) return undefined
    const isMine = await this.#target.create(leaseKeys.claim(number + 1), Buffer.from(this.#token))
    return isMine ? this.#hold(number + 1, startedAt, keys) : undefined
  }

  /** The answer to a claim may have been lost on its way. */
  async #isOwn(number: number): Promise<boolean> {
    if (number === 0) return false
    return String(await this.#target.read(leaseKeys.claim(number))) === this.#token
  }

  async #isFree(number: number, keys: readonly string[]): Promise<boolean> {
    if (heldNumber(keys) === 0 || (await this.#watch.look(number)) >= this.#options.ttlMs) return true
    await this.#target.show(leaseKeys.request(number), Buffer.from(`${this.#token} ${++this.#requests}`))
    return false
  }

  async #hold(number: number, provenAt: number, keys: readonly string[]): Promise<Lease> {
    const { ttlMs, renewMs } = this.#options
    const old = keys.filter((key) => leaseNumber(key) > 0 && leaseNumber(key) <= number - keptClaims)
    for (const key of old) await this.#target.remove(key).catch(() => undefined)
    const { handOver, lost } = this.#options
    return new HeldLease(this.#target, number, provenAt, { ttlMs, renewMs, handOver, lost })
  }
}
