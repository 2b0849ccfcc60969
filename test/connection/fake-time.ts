import { syncBuiltinESMExports } from 'node:module'
import promises from 'node:timers/promises'
import type { Test } from 'tap'

/** Time that stands still until it is moved. */
export interface FakeTime {
  readonly now: number
  /** How long each wait under way still takes, in milliseconds, the shortest first. */
  left(): readonly number[]
  /** Lets time pass, and does what is due on the way. */
  pass(ms: number): Promise<void>
}

interface Wait {
  readonly at: number
  readonly work: () => void
  unref(): Wait
}

/** What a test waits for comes when the test says so, and nothing of a wait is left to chance. */
export function fakeTime(t: Test): FakeTime {
  const waits = new Set<Wait>()
  const forget = globalThis.clearTimeout
  let now = 1_000_000
  const set = (work: () => void, ms: number): Wait => {
    const wait: Wait = { at: now + ms, work, unref: () => wait }
    waits.add(wait)
    return wait
  }
  const next = (): Wait | undefined => [...waits].toSorted((a, b) => a.at - b.at)[0]
  const clear = (wait: never): void => void (waits.delete(wait) || forget(wait))
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => void set(resolve, ms))
  t.teardown(syncBuiltinESMExports)
  t.intercept(promises, 'setTimeout', { value: sleep, configurable: true })
  syncBuiltinESMExports()
  t.intercept(globalThis, 'setTimeout', { value: set, configurable: true })
  t.intercept(globalThis, 'clearTimeout', { value: clear, configurable: true })
  t.intercept(Date, 'now', { value: () => now, configurable: true })
  t.intercept(performance, 'now', { value: () => now, configurable: true })
  t.intercept(Math, 'random', { value: () => 1, configurable: true })
  return {
    get now() {
      return now
    },
    left: () => [...waits].map(({ at }) => at - now).toSorted((a, b) => a - b),
    pass: async (ms) => {
      const end = now + ms
      await turn()
      for (let wait = next(); wait && wait.at <= end; wait = next()) {
        now = wait.at
        waits.delete(wait)
        wait.work()
        await turn()
      }
      now = end
    },
  }
}

/** Lets what is ready to run do so. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
