import type { Problem } from '../../problem/problem.ts'
import type { SqliteDriver } from './driver-names.ts'

/** What is known of the copy of a SQLite file in its replica. */
export interface ReplicaState {
  /** The address of the replica, without secrets. */
  readonly target: string
  /** The newest generation that is whole: a base and what was committed since. Empty before the first. */
  readonly generation: string
  /** The interval at which commits are copied, in milliseconds. */
  readonly intervalMs: number
  /** How long the place itself may take to store durably what was copied, in milliseconds: 30,000 for the mount of a bucket, else 0. */
  readonly durableAfterMs: number
  /** For how long a commit has been missing in the replica, in milliseconds; 0 if it holds all commits. */
  readonly behindMs: number
  /** Every commit up to this moment is known to be in the replica, in epoch milliseconds; 0 before the first copy. */
  readonly shippedAt: number
  /** Why nothing can be copied to the replica now; absent if it can. */
  readonly problem?: Problem
}

/** Keeps a copy of a SQLite file elsewhere, and brings the file back where it is missing. */
export interface FileKeeper {
  /** What is known of the copy; a new object whenever something of it changes. */
  readonly state: ReplicaState
  /** What was wrong with the copy, and does not keep the file from being used. */
  readonly warnings: readonly Problem[]
  /** Why writes are refused; absent while they are not. */
  readonly refusal: Problem | undefined
  /** Before the place of the file is made ready: the file is restored where it is missing. Never rejects. */
  restore(filename: string, driver: SqliteDriver): Promise<Problem | undefined>
  /** The place is ready, and nobody here has the file open yet: its log is held from now on. Never rejects. */
  attach(): Promise<Problem | undefined>
  /** Calls the listener once writes must be refused. Another program may write when none is under way here: what it returns is waited for. */
  onRefusal(listener: () => Promise<void>): void
  /** Calls the listener when more is known of the copy. */
  onChange(listener: () => void): void
  /** All connections are closed: copies the rest within the bound, in milliseconds, and lets go. Never rejects. */
  close(timeoutMs: number): Promise<void>
}
