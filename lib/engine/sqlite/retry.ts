import { setTimeout as delay } from 'node:timers/promises'

/**
 * Held for a moment by somebody else. Not SQLITE_BUSY_SNAPSHOT: waiting does not help a transaction that read old data. The package sqlite3
 * calls that SQLITE_BUSY too: there it is waited for in vain.
 */
const busyCodes = new Set(['SQLITE_BUSY', 'SQLITE_BUSY_RECOVERY', 'SQLITE_BUSY_TIMEOUT'])

/**
 * Runs a statement, and again while another connection holds the lock it needs. SQLite left nothing done of a statement
 * that it answered so.
 *
 * @param timeoutMs - how long to try.
 * @throws the driver's own error, once the time is over or at once for any other reason.
 */
export async function retryWhileBusy<T>(timeoutMs: number, statement: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await statement()
    } catch (error) {
      const busy = busyCodes.has(String((error as NodeJS.ErrnoException).code))
      if (!busy || performance.now() >= deadline) throw error
      await delay(5 + Math.random() * 20)
    }
  }
}
