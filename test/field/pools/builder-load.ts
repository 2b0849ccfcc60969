import { setTimeout as sleep } from 'node:timers/promises'
import { outcome } from '../../pg/pool-family.ts'
import type { Builder } from './builders.ts'

/** Transactions that stay open until they are released. */
export async function hold(builder: Builder, count: number): Promise<{ release(): Promise<unknown> }> {
  let release!: () => void
  const released = new Promise<void>((resolve) => (release = resolve))
  const holders: Promise<unknown>[] = []
  for (let held = 0; held < count; held++)
    await new Promise<void>((resolve, reject) => {
      const holder = builder.holdOpen(() => {
        resolve()
        return released
      })
      holder.catch(reject)
      holders.push(holder)
    })
  return {
    async release() {
      release()
      return await Promise.all(holders)
    },
  }
}

/** Six write without a pause, every other one in transactions. */
export function startWriters(builder: Builder): {
  readonly acknowledged: readonly string[]
  stop(): Promise<unknown>
} {
  const acknowledged: string[] = []
  const ending = new AbortController()
  const write = async (writer: number): Promise<void> => {
    for (let n = 0; !ending.signal.aborted; n++) {
      const names = [`w${writer}-${n}`, `w${writer}-${n}b`] as const
      const work = writer % 2 === 0 ? builder.insertBoth(names) : builder.insert(names[0])
      const written = writer % 2 === 0 ? names : names.slice(0, 1)
      if ((await outcome(work)) === 'served') acknowledged.push(...written)
      await sleep(5)
    }
  }
  const writers = [1, 2, 3, 4, 5, 6].map((writer) => write(writer))
  return {
    acknowledged,
    async stop() {
      ending.abort()
      return await Promise.all(writers)
    },
  }
}
