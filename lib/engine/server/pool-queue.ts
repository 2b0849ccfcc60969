/** Somebody who waits, from when on counts. */
export interface Waiting {
  /** The moment on the queue's clock when the wait is over. */
  until: number
  readonly giveUp: () => void
}

/** How often it is looked who has waited long enough, in milliseconds. */
const lookMs = { least: 10, most: 250 }

/**
 * Bounds the waits of all with one timer, since a timer for each costs more than all the rest. Time in which the process stood still
 * does not count: what arrived meanwhile was not late.
 */
export class PoolQueue {
  readonly #boundMs: number
  readonly #everyMs: number
  /** In the order in which their waits end. */
  readonly #waiting = new Set<Waiting>()
  #timer: NodeJS.Timeout | undefined
  #clockMs = 0
  #lookedAt = 0

  constructor(boundMs: number) {
    this.#boundMs = boundMs
    this.#everyMs = Math.max(lookMs.least, Math.min(lookMs.most, boundMs / 8))
  }

  add(giveUp: () => void): Waiting {
    if (this.#timer === undefined) this.#start()
    const waiting = { until: this.#clockMs + this.#boundMs + this.#sinceLookMs(), giveUp }
    this.#waiting.add(waiting)
    return waiting
  }

  delete(waiting: Waiting): void {
    this.#waiting.delete(waiting)
  }

  has(waiting: Waiting): boolean {
    return this.#waiting.has(waiting)
  }

  get all(): readonly Waiting[] {
    return [...this.#waiting]
  }

  #start(): void {
    this.#lookedAt = performance.now()
    this.#timer = setInterval(() => this.#look(), this.#everyMs)
  }

  #sinceLookMs(): number {
    return Math.min(this.#everyMs, performance.now() - this.#lookedAt)
  }

  #look(): void {
    this.#clockMs += this.#everyMs
    this.#lookedAt = performance.now()
    // What has arrived by now is read first.
    setImmediate(() => this.#expire())
  }

  #expire(): void {
    for (const waiting of this.#waiting) {
      if (waiting.until > this.#clockMs) break
      this.#waiting.delete(waiting)
      waiting.giveUp()
    }
    if (this.#waiting.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
