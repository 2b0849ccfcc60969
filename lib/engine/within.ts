/** A wait reached its bound. */
export class WaitTimeout extends Error {
  override readonly name = 'WaitTimeout'

  constructor(timeoutMs: number) {
    super(`timeout expired after ${timeoutMs} ms`)
  }
}

/** Settles as the promise does, or rejects with {@link WaitTimeout} once the time is over. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WaitTimeout(timeoutMs)), timeoutMs)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}
