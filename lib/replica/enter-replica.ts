import type { Problem } from '../problem/problem.ts'
import { compareLocal, expectNothing, type Beginning } from './compare-local.ts'
import { readHistory, type History } from './history.ts'
import type { Lease } from './lease.ts'
import { openReplicaTarget } from './open-replica-target.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { problemFor, restoreReplica } from './restore.ts'
import type { ThreadSettings } from './settings.ts'
import { checkIntegrity } from './sqlite-handle.ts'
import { takeLease } from './take-lease.ts'

/** How long another program's lease is waited for, in milliseconds. */
const leaseWaitMs = 8000

/** What was found when the lease was taken. */
export interface Entry extends Found {
  readonly target: ReplicaTarget
  readonly lease: Lease
}

interface Found {
  readonly history: History | undefined
  readonly beginning: Beginning
  readonly warnings: readonly Problem[]
}

/** What becomes of the lease. */
export interface EntryEvents {
  /** Somebody waits for it. */
  handOver(target: ReplicaTarget): Promise<void>
  /** It was taken away. */
  lost(problem: Problem): void
}

/**
 * Takes the lease of a replica, and finds out how copying begins: the file is restored where it is missing.
 *
 * @param isHere - whether there is a file.
 */
export async function enterReplica(
  settings: ThreadSettings,
  isHere: boolean,
  events: EntryEvents,
): Promise<Entry | Problem> {
  const { url, env, filename } = settings
  const opened = await openReplicaTarget(url, env)
  if (!opened.ok) return opened.problem
  const { target } = opened
  try {
    // Before the lease is asked for: who holds it is not to give it up for a file that cannot be used.
    const early = isHere ? await compare(target, filename) : undefined
    if (early && 'code' in early) return early
    const taken = await takeLease(target, {
      signal: AbortSignal.timeout(leaseWaitMs),
      handOver: () => events.handOver(target),
      lost: (problem) => events.lost(problem),
    })
    if (!taken.ok) return taken.problem
    const { lease } = taken
    const found = await (isHere ? compare(target, filename) : restore(target, settings)).catch(
      (error: unknown) => problemFor(error, filename),
    )
    if (!('code' in found)) return { target, lease, ...found }
    await lease.release()
    return found
  } catch (error) {
    return problemFor(error, filename)
  }
}

async function compare(target: ReplicaTarget, filename: string): Promise<Found | Problem> {
  const history = await readHistory(target)
  const beginning = await compareLocal(target, filename, history)
  return 'code' in beginning ? beginning : { history, beginning, warnings: [] }
}

async function restore(
  target: ReplicaTarget,
  { filename, driver }: ThreadSettings,
): Promise<Found | Problem> {
  const restored = await restoreReplica(target, filename, {
    checkIntegrity: (path) => checkIntegrity(driver, path),
  })
  if (!restored.ok) return restored.problem
  const { history, warnings } = restored
  if (!history) await expectNothing(target, filename)
  const beginning: Beginning = history ? { with: 'parent', parent: history.end.point } : { with: 'base' }
  return { history, beginning, warnings }
}
