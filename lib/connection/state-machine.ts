import { deepFreeze } from '../url/deep-freeze.ts'
import type { StateChange } from './database.ts'
import type { ConnectionState, Status } from './state.ts'
import { transitions } from './transitions.ts'

/** A state before it gets its time and its generation. */
export type NextState = ConnectionState extends infer State
  ? State extends ConnectionState
    ? Omit<State, 'since' | 'generation'>
    : never
  : never

/** Holds the state, lets it change only as {@link transitions} allow, and tells of each change once. */
export class StateMachine {
  #state: ConnectionState = deepFreeze({ status: 'idle', since: Date.now(), generation: 0 })
  readonly #listeners = new Set<(change: StateChange) => void>()

  /** The state now; a new object at each change. */
  get state(): ConnectionState {
    return this.#state
  }

  /** Goes to another state. A new engine makes a new generation. */
  enter(
    next: NextState,
    options: { readonly newEngine?: boolean; readonly reason?: string } = {},
  ): ConnectionState {
    const { status: from, generation } = this.#state
    if (!transitions[from].includes(next.status))
      throw new TypeError(`no transition leads from ${from} to ${next.status}`)
    const at = Date.now()
    this.#state = deepFreeze({ ...next, since: at, generation: generation + (options.newEngine ? 1 : 0) })
    this.#tell({
      from,
      to: next.status,
      at,
      ...(options.reason === undefined ? {} : { reason: options.reason }),
    })
    return this.#state
  }

  /** Refines what is known within the same state; nobody is told. */
  refine(next: NextState): void {
    const { status, since, generation } = this.#state
    if (status !== next.status) throw new TypeError(`${next.status} cannot refine ${status}`)
    this.#state = deepFreeze({ ...next, since, generation })
  }

  /** Whether the status is one of these. */
  isIn(...statuses: readonly Status[]): boolean {
    return statuses.includes(this.#state.status)
  }

  /** Calls the listener at each change. Returns how to stop it. */
  onChange(listener: (change: StateChange) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #tell(change: StateChange): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(change)
      } catch (error) {
        // A listener's mistake is its owner's, and must not stop the state from changing.
        queueMicrotask(() => {
          throw error
        })
      }
    }
  }
}
