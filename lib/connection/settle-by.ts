/** Waits for the end of some work, for the time, or for the signal, whichever comes first. Never rejects. */
export async function settleBy(
  work: Promise<unknown>,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  if (signal?.aborted) return
  let timer: NodeJS.Timeout | undefined
  let stop!: () => void
  const bound = new Promise<void>((resolve) => {
    stop = resolve
    timer = setTimeout(stop, Math.max(0, timeoutMs))
    signal?.addEventListener('abort', stop, { once: true })
  })
  await Promise.race([work.then(ignore, ignore), bound])
  clearTimeout(timer)
  signal?.removeEventListener('abort', stop)
}

function ignore(): void {}
