import type { Problem } from 'failsoft'
import type { ConnectionState, Database } from 'failsoft/knex'
import { publicProblem } from './public-problem.ts'

type ReplicaState = NonNullable<Extract<ConnectionState, { status: 'connected' }>['replica']>

/** What the service runs on, as anybody may see it. */
export interface PublicState {
  readonly status: string
  readonly dialect?: string
  readonly driver?: string
  readonly readOnly?: boolean
  /** How long what is written lasts, where SQLite is the fallback. */
  readonly durability?: string
  readonly reason?: string
  /** Whether the configured database answers, where SQLite stands in for it. */
  readonly primary?: { readonly reachable: boolean }
  /** Whether nothing was written to SQLite meanwhile, and how many tables hold rows. */
  readonly standIn?: { readonly clean: boolean; readonly tables: number }
  /** How the copy of the SQLite file stands, where it has one. */
  readonly replica?: PublicReplica
  readonly code?: string
  readonly message?: string
  readonly hint?: string
}

/** How the copy of the SQLite file stands. */
export interface PublicReplica {
  /** Where it is, in a word: `bucket` or `directory`. */
  readonly place: 'bucket' | 'directory'
  /** How long ago all of the file was there, in milliseconds; absent before the first time. */
  readonly agoMs?: number
  /** How long something waits to be copied, in milliseconds; 0 where all is. */
  readonly behindMs: number
  readonly problem?: Problem
}

/** What `/database` answers. The owner, who has the token, also sees where, and how that was decided. */
export function databaseView(database: Database, isOwner: boolean): object {
  const { config, state } = database
  if (!isOwner) return { state: publicState(state), warnings: config.warnings.map(publicProblem) }
  const { trace, ...decision } = config
  return { state: ownerState(state), warnings: config.warnings, config: decision, trace }
}

/** The states that a database was in, each with the time that it began. */
export function historyView(states: readonly ConnectionState[], isOwner: boolean): object[] {
  return states.map((state) => ({
    at: new Date(state.since).toISOString(),
    ...(isOwner ? ownerState(state) : publicState(state)),
  }))
}

function publicState(state: ConnectionState): PublicState {
  return {
    status: state.status,
    ...('engine' in state && { dialect: state.engine.dialect, driver: state.engine.driver }),
    ...('readOnly' in state && state.readOnly && { readOnly: true }),
    ...('location' in state && { durability: state.location.durability }),
    ...('replica' in state && state.replica && { replica: publicReplica(state.replica) }),
    ...('reason' in state && { reason: state.reason }),
    ...(state.status === 'fallback' && wayBack(state)),
    ...(state.problem && publicProblem(state.problem)),
  }
}

function publicReplica({
  target,
  durableAfterMs,
  behindMs,
  shippedAt,
  problem,
}: ReplicaState): PublicReplica {
  const isBucket = target.startsWith('s3:') || durableAfterMs > 0
  return {
    place: isBucket ? 'bucket' : 'directory',
    ...(shippedAt > 0 && { agoMs: Math.max(0, Date.now() - shippedAt) }),
    behindMs,
    ...(problem && { problem: publicProblem(problem) }),
  }
}

function wayBack({
  primary,
  standIn,
}: Extract<ConnectionState, { status: 'fallback' }>): Partial<PublicState> {
  return primary ? { primary: { reachable: primary.reachable }, standIn } : {}
}

function ownerState(state: ConnectionState): object {
  return { ...publicState(state), ...state.problem, ...state }
}
