import type { ConnectionState } from './state.ts'

/** When the next attempt of a state is due, on the monotonic clock: the clock of the machine may be set while it is waited for. */
const dueAt = new WeakMap<ConnectionState, number>()

/** Notes when the next attempt is due. To be called with the state as it is made. */
export function noteNextAttempt(state: ConnectionState): void {
  if ('nextAttemptAt' in state && state.nextAttemptAt !== null)
    dueAt.set(state, performance.now() + state.nextAttemptAt - Date.now())
}

/** How long the next attempt is away, in milliseconds; nothing where there is none. */
export function untilNextAttemptMs(state: ConnectionState): number | undefined {
  if (!('nextAttemptAt' in state) || state.nextAttemptAt === null) return undefined
  const leftMs = (dueAt.get(state) ?? 0) - performance.now()
  return Math.max(0, Math.round(leftMs))
}
