import type { ServerSettings } from '../../url/settings.ts'
import type { EngineOptions } from '../engine.ts'
import { engineDefaults } from '../engine-defaults.ts'

/** Bounds of a pool, in the words of tarn. */
export interface PoolSettings {
  readonly min: number
  readonly max: number
  readonly acquireTimeoutMillis: number
  readonly createTimeoutMillis: number
  readonly idleTimeoutMillis: number
}

/** The bounds that the program asks for, else those of the URL, else sensible ones. */
export function poolSettings(
  said: Pick<ServerSettings, 'poolMax' | 'acquireTimeoutMs'>,
  pool: EngineOptions['pool'] = {},
): PoolSettings {
  const max = pool.max ?? said.poolMax ?? engineDefaults.poolMax
  return {
    min: Math.min(pool.min ?? 0, max),
    max,
    acquireTimeoutMillis: pool.acquireTimeoutMs ?? said.acquireTimeoutMs ?? engineDefaults.acquireTimeoutMs,
    // A connection has its own bounds, host by host; the pool's must not cut them short and hide the cause.
    createTimeoutMillis: 120_000,
    idleTimeoutMillis: 30_000,
  }
}
