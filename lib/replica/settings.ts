import type { Problem } from '../problem/problem.ts'
import type { KnownPlace } from './local-record.ts'
import type { DriverPlace } from './sqlite-handle.ts'

/** What the thread of a replica is told when it begins. */
export interface ThreadSettings {
  /** The address of the replica. */
  readonly url: string
  readonly intervalMs: number
  /** Of the database, absolute. */
  readonly filename: string
  readonly driver: DriverPlace
  readonly env: Readonly<Record<string, string | undefined>>
  /** What the thread before this one knew of the file. */
  readonly known?: KnownPlace
}

/** What is known of the copy of a file, now and then. */
export interface ReplicaStatus {
  /** The newest generation that is whole; empty before the first. */
  readonly generation: string
  /** How long ago something was committed, in milliseconds, that is not in the replica yet; 0 where all is. */
  readonly behindMs: number
  /** The last moment of which all commits are known to be in the replica, in epoch milliseconds; 0 before the first. */
  readonly shippedAt: number
  /** Why it does not take more. */
  readonly problem?: Problem
}

/** What the thread is asked. */
export interface Questions {
  /** Take the lease, and restore the file where it is missing. */
  open(): Promise<{ readonly problem?: Problem; readonly warnings: readonly Problem[] }>
  /** The place is ready: hold the log of the file, and begin to copy. The descriptor is one of the file itself. */
  attach(descriptor: number): Promise<{ readonly problem?: Problem }>
  /** The program refuses writes, and none is under way any more. */
  refused(): Promise<void>
  /** All other connections are closed: ship the rest within the bound, in milliseconds, and let go. */
  close(timeoutMs: number): Promise<{ readonly isShipped: boolean }>
}

/** A question on its way to the thread. */
export interface Ask {
  readonly id: number
  readonly question: keyof Questions
  readonly number?: number
}

/** What the thread says: an answer, or something that it was not asked. */
export type Said =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failure: string }
  | { readonly status: ReplicaStatus; readonly known: KnownPlace | undefined }
  /** Writes must be refused from now on. */
  | { readonly refusal: Problem }
