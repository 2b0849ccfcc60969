import type { ManagedEngine } from '../engine/managed-engine.ts'
import type { Problem } from '../problem/problem.ts'
import type { FallbackReason } from '../problem/reason.ts'
import type { SqliteLocation, TraceStep } from '../resolve/config.ts'

/** An attempt that came to an engine. */
export type Arrival = Exclude<Outcome, { status: 'unavailable' }>

/** What an attempt to get a database came to. */
export type Outcome =
  | { readonly status: 'connected'; readonly engine: ManagedEngine; readonly readOnly: boolean }
  | {
      readonly status: 'fallback'
      readonly engine: ManagedEngine
      readonly reason: FallbackReason
      readonly problem: Problem
      readonly location: SqliteLocation
      /** The engine of the configured database, kept to watch it; absent where there is nothing to watch. */
      readonly primary?: ManagedEngine
      readonly trace: readonly TraceStep[]
    }
  | {
      readonly status: 'unavailable'
      readonly reason: FallbackReason
      readonly problem: Problem
      readonly retryable: boolean
      readonly trace: readonly TraceStep[]
    }
