import type { Parameters } from '../../url/target.ts'
import type { EngineOptions } from '../engine.ts'
import { readBoundMs, readPositive } from './parameters.ts'

/** Bounds of a pool, in the words of tarn. */
export interface PoolSettings {
  readonly min: number
  readonly max: number
  readonly acquireTimeoutMillis: number
  readonly createTimeoutMillis: number
  readonly idleTimeoutMillis: number
}

const defaultMax = 10

/** The bounds that the program asks for, else those of the URL, else sensible ones. */
export function poolSettings(params: Parameters, pool: EngineOptions['pool'] = {}): PoolSettings {
  const asked = readPositive(params, 'connection_limit', 'connectionlimit')
  const max = pool.max ?? (asked === undefined ? defaultMax : Math.ceil(asked))
  return {
    min: Math.min(pool.min ?? 0, max),
    max,
    acquireTimeoutMillis: pool.acquireTimeoutMs ?? readBoundMs(params, { pool_timeout: 's' }) ?? 5000,
    // A connection has its own bounds, host by host; the pool's must not cut them short and hide the cause.
    createTimeoutMillis: 120_000,
    idleTimeoutMillis: 30_000,
  }
}
