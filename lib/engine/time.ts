/** A wait reached its bound. */
export class WaitTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`timeout expired after ${timeoutMs} ms`)
    this.name = 'WaitTimeout'
  }
}

/** The largest delay of a timer: Node takes a larger one for none at all. */
export const longestMs: number = 2 ** 31 - 1

/** Settles as the promise does, or rejects with {@link WaitTimeout} once the time is over; `Infinity` waits. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  if (timeoutMs === Infinity) return await promise
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WaitTimeout(timeoutMs)), Math.min(timeoutMs, longestMs))
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** So much of a wait passes between two looks at it, in milliseconds. */
const sliceMs = 250

/**
 * The same, but the time in which this process itself stood still does not count: what arrived meanwhile was not late. The last moment
 * includes what has arrived and was not read yet.
 */
export async function withinAwake<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  if (timeoutMs === Infinity) return await promise
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    const wait = (leftMs: number): void => {
      const slice = Math.min(leftMs, sliceMs)
      timer = setTimeout(() => {
        if (leftMs > slice) wait(leftMs - slice)
        else setImmediate(() => reject(new WaitTimeout(timeoutMs)))
      }, slice)
    }
    wait(timeoutMs)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** Waits for the end of some work, for the time, or for the signal, whichever comes first. Never rejects. */
export async function settleBy(
  work: Promise<unknown>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) return
  let stop!: () => void
  const stopped = new Promise<void>((resolve) => (stop = resolve))
  signal?.addEventListener('abort', stop, { once: true })
  await within(Math.max(0, timeoutMs), Promise.race([work, stopped])).catch(() => undefined)
  signal?.removeEventListener('abort', stop)
}

/** A moment on the monotonic clock, computed once: each step is handed what is left until then. */
export class Deadline {
  readonly #at: number

  /** @param timeoutMs - from now, in milliseconds; `Infinity` never comes. */
  constructor(timeoutMs: number) {
    this.#at = performance.now() + timeoutMs
  }

  /** What is left, in milliseconds: 0 once it is over. */
  get leftMs(): number {
    return Math.max(0, this.#at - performance.now())
  }
}

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

/**
 * The wait before an attempt: it doubles up to a cap, and half of it is left to chance, so that many processes
 * do not come back at the same moment.
 *
 * @param attempt - 1 for the first wait.
 */
export function backoffMs(attempt: number, firstMs: number, capMs: number): number {
  const full = Math.min(capMs, firstMs * 2 ** Math.min(attempt - 1, 20))
  return full / 2 + (Math.random() * full) / 2
}
