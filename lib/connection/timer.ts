/** One wait at a time that does not keep the process alive. */
export class Timer {
  #timeout: NodeJS.Timeout | undefined

  /** Does the work after the wait, in place of what was set before. */
  set(waitMs: number, work: () => void): void {
    this.clear()
    this.#timeout = setTimeout(work, waitMs)
    this.#timeout.unref()
  }

  /** Forgets what was set. */
  clear(): void {
    clearTimeout(this.#timeout)
  }
}
