import { Bag, type BagItem } from '../bag.ts'

/** How often it is looked who has waited long enough, in milliseconds. */
const lookMs = { least: 10, most: 250 }

/** Somebody who waits. */
export abstract class Waiting implements BagItem {
  place: number = 0
  /** The moment on the queue's clock when the wait is over. */
  until: number = Infinity
  /** Whether nobody waits any more: what comes goes back. */
  isOver: boolean = false

  /** Tells whoever waits that nothing comes. */
  abstract giveUp(): void
}

/**
 * Bounds the waits of all with one timer, since a timer for each costs more than all the rest. Time in which the process stood still
 * does not count: what arrived meanwhile was not late.
 */
export class PoolQueue {
  readonly #boundMs: number
  readonly #everyMs: number
  readonly #waiting = new Bag<Waiting>()
  #timer: NodeJS.Timeout | undefined
  #clockMs = 0
  #lookedAt = 0

  constructor(boundMs: number) {
    this.#boundMs = boundMs
    this.#everyMs = Math.max(lookMs.least, Math.min(lookMs.most, boundMs / 8))
  }

  add(waiting: Waiting): void {
    if (this.#timer === undefined) this.#start()
    waiting.until = this.#clockMs + this.#boundMs + this.#sinceLookMs()
    this.#waiting.add(waiting)
  }

  /** The wait is over. */
  end(waiting: Waiting): void {
    waiting.isOver = true
    this.#waiting.delete(waiting)
  }

  giveUpAll(): void {
    this.#giveUp(() => true)
  }

  #giveUp(isLate: (waiting: Waiting) => boolean): void {
    for (const waiting of this.#waiting.all.filter(isLate)) {
      // Whoever was told before may have ended this wait.
      if (waiting.isOver) continue
      this.end(waiting)
      waiting.giveUp()
    }
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
    this.#giveUp(({ until }) => until <= this.#clockMs)
    if (this.#waiting.all.length > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
