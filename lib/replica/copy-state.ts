import type { ReplicaState } from '../engine/sqlite/file-keeper.ts'
import { Timer } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import type { ReplicaStatus } from './settings.ts'

/** A thread that says nothing for so long beyond its interval may have stopped to copy, in milliseconds. */
const mostSilentMs = 3000

/** What is known of a copy, by what its thread says and by its silence. */
export class CopyState {
  /** A new object whenever something of it changes. */
  now: ReplicaState
  readonly #onChange: () => void
  readonly #look = new Timer()
  #status: ReplicaStatus = { generation: '', behindMs: 0, shippedAt: 0 }
  #heardAt = 0

  constructor(place: Pick<ReplicaState, 'target' | 'intervalMs' | 'durableAfterMs'>, onChange: () => void) {
    this.now = { ...place, ...this.#status }
    this.#onChange = onChange
  }

  /** The thread says how far it has come. */
  learn(status: ReplicaStatus): void {
    this.#status = status
    this.#heardAt = performance.now()
    this.#show(status)
  }

  /** The thread has ended. */
  fail(problem: Problem): void {
    this.#status = { ...this.#status, problem }
    this.#show(this.#status)
  }

  /** Counts on while the thread is silent: what was committed since may not be in the replica. */
  watch(): void {
    this.#heardAt = performance.now()
    this.#listen()
  }

  unwatch(): void {
    this.#look.clear()
  }

  #listen(): void {
    const { intervalMs } = this.now
    const silentMs = performance.now() - this.#heardAt
    if (silentMs > mostSilentMs + intervalMs)
      this.#show({ ...this.#status, behindMs: Math.round(this.#status.behindMs + silentMs) })
    this.#look.set(Math.max(intervalMs, 500), () => this.#listen())
  }

  #show(status: ReplicaStatus): void {
    const { target, intervalMs, durableAfterMs } = this.now
    this.now = { target, intervalMs, durableAfterMs, ...status }
    this.#onChange()
  }
}
