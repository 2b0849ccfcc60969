import type { ProblemError } from '../problem-error.ts'

/**
 * How long a host that was silent may take while another one answers, though it is not what is asked for, in milliseconds:
 * that one may be promoted meanwhile. Every now and then it gets more, lest a slow one be given up for good.
 */
const silentMs = { usual: 200, patient: 1500, patientEvery: 10_000 }

/** The hosts of a list that were silent when they were last dialed, by their index. */
export class SilentHosts {
  /** When one was last waited for with patience, on the monotonic clock. */
  readonly #waitedAt = new Map<number, number>()

  has(index: number): boolean {
    return this.#waitedAt.has(index)
  }

  /** How long a host may take, in milliseconds. */
  patienceMs(index: number, isAnotherHeard: boolean): number {
    const waitedAt = this.#waitedAt.get(index)
    if (waitedAt === undefined || !isAnotherHeard) return Infinity
    if (performance.now() - waitedAt < silentMs.patientEvery) return silentMs.usual
    this.#waitedAt.set(index, performance.now())
    return silentMs.patient
  }

  /** It failed in this way. */
  note(index: number, { code }: ProblemError): void {
    if (code !== 'connect-timeout') this.forget(index)
    else if (!this.has(index)) this.#waitedAt.set(index, performance.now())
  }

  forget(index: number): void {
    this.#waitedAt.delete(index)
  }
}
