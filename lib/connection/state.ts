import type { EngineInfo } from '../engine/engine-info.ts'
import type { ReplicaState } from '../engine/sqlite/file-keeper.ts'
import type { StandInState } from '../engine/sqlite/stand-in-state.ts'
import type { Problem } from '../problem/problem.ts'
import type { FallbackReason } from '../problem/reason.ts'
import type { SqliteLocation } from '../resolve/config.ts'

/** What is known of the configured database while the fallback is in use. */
export interface PrimaryWatch {
  /** Whether it answered when it was last asked. */
  readonly reachable: boolean
  /** When it was last asked, in epoch milliseconds. */
  readonly checkedAt: number
  /** Why it did not answer; absent if it did. */
  readonly problem?: Problem
}

/** What a database is doing, from the first attempt to shutdown. Each variant has the fields that make sense in it. */
export type ConnectionState = {
  /** When this state began, in epoch milliseconds. */
  readonly since: number
  /** Grows by one with each change of engine or, if the URL names several hosts, of the host in use; 0 before the first engine. */
  readonly generation: number
  /** What is wrong now; absent if nothing is. */
  readonly problem?: Problem
} & (
  | {
      /** Nothing was asked of it yet. */
      readonly status: 'idle'
    }
  | {
      /** An attempt is under way. */
      readonly status: 'connecting'
      /** Which attempt this is, from 1. */
      readonly attempt: number
      /** The redacted URL of what is connected to; `none` if nothing is configured. */
      readonly target: string
      /** What was wrong with the attempt before; absent in the first. */
      readonly lastProblem?: Problem
    }
  | {
      /** The configured database is in use. */
      readonly status: 'connected'
      /** What it runs on. */
      readonly engine: EngineInfo
      /** Whether it refuses writes. */
      readonly readOnly: boolean
      /** Why new logins fail while old connections work, or why a file refuses writes; absent if nothing is wrong. */
      readonly problem?: Problem
      /** The copy of the SQLite file; absent if it has none. */
      readonly replica?: ReplicaState
    }
  | {
      /** SQLite stands in for the configured database. */
      readonly status: 'fallback'
      /** What it runs on. */
      readonly engine: EngineInfo
      /** Why SQLite stands in. */
      readonly reason: FallbackReason
      /** What was wrong with the configured database when SQLite took over. */
      readonly problem: Problem
      /** Where the rows are now, and what that promises. */
      readonly location: SqliteLocation
      /** The configured database, as it is now; `null` if there is none to go back to. */
      readonly primary: PrimaryWatch | null
      /** Whether anything was written to the file, which decides whether the program returns by itself. */
      readonly standIn: StandInState
      /** Whether it refuses writes. */
      readonly readOnly: boolean
      /** The copy of the file; absent if it has none. */
      readonly replica?: ReplicaState
    }
  | {
      /** The database in use is away; queries are refused at once until it is back. */
      readonly status: 'reconnecting'
      /** What it ran on. */
      readonly engine: EngineInfo
      /** What was found when it was last asked. */
      readonly problem: Problem
      /** Which attempt to reach it comes next, from 1. */
      readonly attempt: number
      /** When it is asked again, in epoch milliseconds. */
      readonly nextAttemptAt: number
    }
  | {
      /** There is no database. */
      readonly status: 'unavailable'
      /** Why there is none. */
      readonly reason: FallbackReason
      /** What is wrong. */
      readonly problem: Problem
      /** How many attempts were made. */
      readonly attempt: number
      /** When the next attempt is made, in epoch milliseconds; `null` if trying again cannot help. */
      readonly nextAttemptAt: number | null
    }
  | {
      /** Work in flight may finish; nothing new begins. */
      readonly status: 'closing'
    }
  | {
      /** All connections are closed. */
      readonly status: 'closed'
    }
)

/** The name of a state. */
export type Status = ConnectionState['status']
