import type { EngineInfo } from '../engine/engine-info.ts'
import type { Problem } from '../problem/problem.ts'
import type { FallbackReason } from '../problem/reason.ts'
import type { SqliteLocation } from '../resolve/config.ts'

/** What is known of the configured database while the fallback is in use. */
export interface PrimaryWatch {
  /** Whether it answered when it was last asked. */
  readonly reachable: boolean
  /** Epoch milliseconds. */
  readonly checkedAt: number
  /** Why it did not. */
  readonly problem?: Problem
}

/** What a database is doing, from the first attempt to shutdown. Each variant carries what is true in it only. */
export type ConnectionState = {
  /** When this state began, in epoch milliseconds. */
  readonly since: number
  /** Grows with each change of engine, and of the host in use where the URL names several. */
  readonly generation: number
} & (
  | { readonly status: 'idle' }
  | {
      readonly status: 'connecting'
      readonly attempt: number
      readonly target: string
      readonly lastProblem?: Problem
    }
  | { readonly status: 'connected'; readonly engine: EngineInfo; readonly readOnly: boolean }
  | {
      readonly status: 'fallback'
      readonly engine: EngineInfo
      readonly reason: FallbackReason
      readonly problem: Problem
      readonly location: SqliteLocation
      readonly primary: PrimaryWatch | null
    }
  | {
      readonly status: 'reconnecting'
      readonly engine: EngineInfo
      readonly problem: Problem
      readonly attempt: number
      readonly nextAttemptAt: number
    }
  | {
      readonly status: 'unavailable'
      readonly reason: FallbackReason
      readonly problem: Problem
      readonly attempt: number
      /** `null` where trying again cannot help. */
      readonly nextAttemptAt: number | null
    }
  | { readonly status: 'closing' }
  | { readonly status: 'closed' }
)

/** The name of a state. */
export type Status = ConnectionState['status']
