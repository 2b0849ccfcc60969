import type { ReplicaState } from '../engine/sqlite/file-keeper.ts'
import { Timer } from '../engine/time.ts'
import type { Problem } from '../problem/problem.ts'
import type { ReplicaStatus } from './settings.ts'

/** A thread that says nothing for so long beyond its interval may have stopped to copy, in milliseconds. */
const mostSilentMs = 3000
/** One that says nothing for so long hangs, in milliseconds. */
const hangingMs = 30_000

/** What is known of a copy, by what its thread says and by its silence. */
export class CopyState {
  /** A new object whenever something of it changes. */
  now: ReplicaState
  readonly #onChange: () => void
  readonly #onHang: () => void
  readonly #look = new Timer()
  #status: ReplicaStatus = { generation: '', behindMs: 0, shippedAt: 0 }
  #heardAt = 0
  #looksInVain = 0

  /**
   * @param onChange - told whenever something changes.
   * @param onHang - told where the thread has been silent for too long.
   */
  constructor(
    place: Pick<ReplicaState, 'target' | 'intervalMs' | 'durableAfterMs'>,
    onChange: () => void,
    onHang: () => void,
  ) {
    this.now = { ...place, ...this.#status }
    this.#onChange = onChange
    this.#onHang = onHang
  }

  /** The thread says how far it has come. */
  learn(status: ReplicaStatus): void {
    this.#status = status
    this.#heardAt = performance.now()
    this.#looksInVain = 0
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
    this.#looksInVain = 0
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
    const lookMs = Math.max(intervalMs, 500)
    this.#look.set(lookMs, () => this.#listen())
    // Looks are counted: while the whole program stood still, its thread could say nothing.
    if (++this.#looksInVain * lookMs < hangingMs + intervalMs) return
    this.#looksInVain = 0
    this.#onHang()
  }

  #show(status: ReplicaStatus): void {
    const { target, intervalMs, durableAfterMs } = this.now
    this.now = { target, intervalMs, durableAfterMs, ...status }
    this.#onChange()
  }
}
