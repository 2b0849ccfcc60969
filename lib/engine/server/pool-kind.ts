import type { ServerTarget } from '../../url/target.ts'
import type { DriverPool } from './driver-pool.ts'
import type { PoolGate } from './pool-gate.ts'
import type { PoolSettings } from './pool-settings.ts'

/** A driver's own pool as the program sees it, and what is asked of it. */
export interface OpenedPool<Face> extends DriverPool {
  readonly face: Face
}

/** What a pool is made of. */
export interface PoolParts {
  /** The package. */
  readonly driver: unknown
  readonly gate: PoolGate
  readonly sizes: PoolSettings
  /** The settings of the driver that are the same for every host. */
  readonly driverSettings: Readonly<Record<string, unknown>>
  /** What the program's wish to end the pool means. */
  readonly end: () => Promise<void>
}

/** A driver's own pool. */
export interface PoolKind<Face> {
  readonly driver: 'pg' | 'mysql2'
  /** The name of the database system. */
  readonly name: string
  readonly dialects: readonly ServerTarget['dialect'][]
  /** What its URLs begin with. */
  readonly scheme: string
  open(parts: PoolParts): OpenedPool<Face>
}
