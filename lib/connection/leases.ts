import { settleBy, within } from '../engine/time.ts'

/** Counts who relies on the engine in use, so that it is not changed under them. */
export class Leases {
  #count = 0
  readonly #waiting = new Set<() => void>()
  #closed: Promise<void> | undefined

  /** How many are held. */
  get held(): number {
    return this.#count
  }

  /** Waits while a change is under way, then takes a lease. Returns how to give it back; giving it back again does nothing. */
  take(): (() => void) | Promise<() => void> {
    return this.#closed ? this.#closed.then(() => this.take()) : this.#lend()
  }

  #lend(): () => void {
    this.#count++
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#count--
      if (this.#count === 0 && this.#waiting.size > 0) this.#goOn()
    }
  }

  /**
   * Holds back new leases, waits until all are given back, and does the work. Rejects with `WaitTimeout`, and
   * does not do it, when the time is over.
   */
  async exclusively<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
    let reopen!: () => void
    this.#closed = new Promise((resolve) => (reopen = resolve))
    try {
      await within(timeoutMs, this.#waitUntilFree())
      return await work()
    } finally {
      this.#closed = undefined
      reopen()
    }
  }

  /** Waits, bounded, until all are given back. Never rejects. */
  async whenFree(timeoutMs: number): Promise<void> {
    await settleBy(this.#waitUntilFree(), timeoutMs)
  }

  async #waitUntilFree(): Promise<void> {
    if (this.#count === 0) return
    await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  #goOn(): void {
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }
}
