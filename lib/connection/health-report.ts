import type { ReplicaState } from '../engine/sqlite/file-keeper.ts'
import { settleBy } from '../engine/time.ts'
import type { HealthCheck, HealthReport } from './health.ts'
import type { ConnectionState } from './state.ts'

/** What a state says about health. It names no host, user or path, since health is often public. */
export function healthOf(state: ConnectionState, responseTime?: HealthCheck): HealthReport {
  const status = statusOf(state)
  const output = outputOf(state)
  const connection: HealthCheck = {
    componentType: 'datastore',
    status,
    time: new Date(state.since).toISOString(),
    observedValue: state.status,
  }
  const checks = {
    'database:connection': [connection],
    ...('engine' in state &&
      state.engine.hostNumber !== undefined && {
        'database:host': [{ ...connection, observedValue: state.engine.hostNumber }],
      }),
    ...(responseTime && { 'database:responseTime': [responseTime] }),
  }
  return output === undefined ? { status, checks } : { status, output, checks }
}

function statusOf(state: ConnectionState): HealthReport['status'] {
  switch (state.status) {
    case 'connected':
      return state.readOnly || state.problem || isFarBehind(state) ? 'warn' : 'pass'
    case 'fallback':
      return 'warn'
    case 'idle':
    case 'connecting':
    case 'reconnecting':
    case 'unavailable':
    case 'closing':
    case 'closed':
      return 'fail'
  }
}

/** Whether what is committed is not copied in time any more. */
function isFarBehind(state: ConnectionState): boolean {
  const { replica } = state as { readonly replica?: ReplicaState }
  return replica !== undefined && replica.behindMs > 10 * replica.intervalMs
}

function outputOf(state: ConnectionState): string | undefined {
  if (state.problem) return `${state.status}: ${state.problem.code}`
  if (isFarBehind(state)) return `${state.status}: the replica is behind`
  if (state.status === 'connected') return state.readOnly ? 'read-only' : undefined
  return state.status
}

/** How long an answer to `check` may take, in milliseconds. */
const checkTimeoutMs = 5000

/**
 * Asks, and reports the state after that with the time that it took. The bound is the caller's: an answer that comes after it is no
 * evidence.
 */
export async function measureHealth(
  ask: (() => Promise<void>) | undefined,
  state: () => ConnectionState,
  timeoutMs: number = checkTimeoutMs,
): Promise<HealthReport> {
  const started = performance.now()
  if (ask) await settleBy(ask(), timeoutMs)
  const observedValue = Math.round(performance.now() - started)
  return healthOf(state(), {
    componentType: 'datastore',
    status: healthOf(state()).status,
    time: new Date().toISOString(),
    observedValue,
    observedUnit: 'ms',
  })
}
