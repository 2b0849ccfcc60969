import { Timer } from '../engine/time.ts'

/** How often it is looked whether a wait may end, in milliseconds. */
const lookMs = 1000

/** A wait before the next attempt, which may end early. It does not keep the process alive. */
export class Wait {
  readonly #timer = new Timer()
  #work: (() => void) | undefined

  /**
   * Does the work after the wait, in place of what was set before.
   *
   * @param isOver - asked every second whether to do it at once.
   */
  set(waitMs: number, work: () => void, isOver?: () => boolean): void {
    this.#work = work
    const nextMs = isOver ? Math.min(waitMs, lookMs) : waitMs
    this.#timer.set(nextMs, () => {
      if (nextMs === waitMs || isOver?.()) this.hurry()
      else this.set(waitMs - nextMs, work, isOver)
    })
  }

  /** Whether something is waited for. */
  get isSet(): boolean {
    return this.#work !== undefined
  }

  /** Does now what is waited for, if anything is. */
  hurry(): void {
    const work = this.#work
    this.clear()
    work?.()
  }

  /** Forgets what was set. */
  clear(): void {
    this.#timer.clear()
    this.#work = undefined
  }
}
