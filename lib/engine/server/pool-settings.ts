import type { Parameters } from '../../url/target.ts'
import type { EngineOptions } from '../engine.ts'
import { readNumber } from './parameters.ts'

/** Bounds of a pool, in the words of tarn. */
export interface PoolSettings {
  readonly min: number
  readonly max: number
  readonly acquireTimeoutMillis: number
  readonly createTimeoutMillis: number
  readonly idleTimeoutMillis: number
}

/** The bounds that the program asks for, else those of the URL, else sensible ones. */
export function poolSettings(params: Parameters, pool: EngineOptions['pool'] = {}): PoolSettings {
  const timeoutSeconds = readNumber(params, 'pool_timeout')
  return {
    min: pool.min ?? 0,
    max: pool.max ?? readNumber(params, 'connection_limit', 'connectionLimit') ?? 10,
    acquireTimeoutMillis: pool.acquireTimeoutMs ?? (timeoutSeconds ? timeoutSeconds * 1000 : 5000),
    // A connection has its own bounds, host by host; the pool's must not cut them short and hide the cause.
    createTimeoutMillis: 120_000,
    idleTimeoutMillis: 30_000,
  }
}
