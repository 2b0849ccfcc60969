/** A wait reached its bound. */
export class WaitTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`timeout expired after ${timeoutMs} ms`)
    this.name = 'WaitTimeout'
  }
}

/** The largest delay of a timer: Node takes a larger one for none at all. */
const longestMs = 2 ** 31 - 1

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
