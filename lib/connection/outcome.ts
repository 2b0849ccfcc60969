import type { ManagedEngine } from '../engine/managed-engine.ts'
import type { SqliteEngine } from '../engine/sqlite/sqlite-engine.ts'
import type { StandIn } from '../engine/sqlite/stand-in.ts'
import type { Problem } from '../problem/problem.ts'
import type { FallbackReason } from '../problem/reason.ts'
import type { SqliteLocation, TraceStep } from '../resolve/config.ts'

/** What an attempt found out on its way. */
export interface Findings {
  /** The places for the fallback that were tried. */
  readonly trace: readonly TraceStep[]
  /** What else was wrong. */
  readonly warnings: readonly Problem[]
}

/** An attempt that came to nothing. */
export interface Unavailable {
  readonly status: 'unavailable'
  readonly problem: Problem
  /** Whether trying again cannot help. */
  readonly isFinal: boolean
  readonly findings: Findings
}

/** An attempt that came to an engine. */
export type Arrival = { readonly findings: Findings } & (
  | { readonly status: 'connected'; readonly engine: ManagedEngine; readonly readOnly: boolean }
  | {
      readonly status: 'fallback'
      readonly engine: SqliteEngine
      readonly standIn: StandIn
      readonly reason: FallbackReason
      readonly problem: Problem
      readonly location: SqliteLocation
      /** The engine of the configured database, kept to watch it; absent where there is nothing to watch. */
      readonly primary?: ManagedEngine
    }
)

/** What an attempt to get a database came to. */
export type Outcome = Arrival | Unavailable

/** Nothing worth mentioning. */
export const noFindings: Findings = { trace: [], warnings: [] }
