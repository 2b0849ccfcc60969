import type { Status } from './state.ts'

/**
 * Which state can follow which. No other change can happen.
 *
 * @example
 * ```ts
 * transitions.connected.includes('reconnecting') // true
 * transitions.closed.length // 0
 * ```
 */
export const transitions: Readonly<Record<Status, readonly Status[]>> = {
  idle: ['connecting', 'closing'],
  connecting: ['connected', 'fallback', 'unavailable', 'closing'],
  connected: ['reconnecting', 'closing'],
  fallback: ['reconnecting', 'connected', 'closing'],
  reconnecting: ['connected', 'fallback', 'closing'],
  unavailable: ['connecting', 'closing'],
  closing: ['closed'],
  closed: [],
}
