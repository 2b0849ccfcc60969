import { harmless } from '../engine/log.ts'
import { deepFreeze } from '../url/deep-freeze.ts'
import type { StateChange } from './database.ts'
import { noteNextAttempt } from './next-attempt.ts'
import type { ConnectionState, Status } from './state.ts'
import { transitions } from './transitions.ts'

/** A state before it gets its time and its generation. */
type Next<Name extends Status> = Name extends Status
  ? Omit<Extract<ConnectionState, { status: Name }>, 'since' | 'generation'>
  : never

/** A state in which an engine is in use. */
export type InUse = Next<'connected'> | Next<'fallback'>

/** One stay in a state, from the transition into it to the one out of it. */
export type Stay = symbol

/**
 * Holds the state. Each method is one arrow of the diagram in docs/architecture.md; no other change can happen, and each
 * is told once.
 */
export class StateMachine {
  #state: ConnectionState = deepFreeze({ status: 'idle', since: Date.now(), generation: 0 })
  #stay: Stay = Symbol('idle')
  readonly #listeners = new Set<(change: StateChange) => void>()
  readonly #untold: StateChange[] = []

  /** The state now; a new object whenever something of it changes. */
  get state(): ConnectionState {
    return this.#state
  }

  /** The stay in the state now. What waited compares it with the one that it began in. */
  get stay(): Stay {
    return this.#stay
  }

  /** Whether the state was not left since. */
  isStill(stay: Stay): boolean {
    return this.#stay === stay
  }

  /** Whether the status is one of these. */
  isIn(...statuses: readonly Status[]): boolean {
    return statuses.includes(this.#state.status)
  }

  /** idle, unavailable → connecting: an attempt begins. */
  begin(attempt: Omit<Next<'connecting'>, 'status'>): Stay {
    return this.#enter({ status: 'connecting', ...attempt })
  }

  /** connecting → connected, fallback: the attempt came to an engine. */
  arrive(inUse: InUse): void {
    this.#enter(inUse, { newEngine: true })
  }

  /** connecting → unavailable: the attempt came to nothing. */
  giveUp(outcome: Omit<Next<'unavailable'>, 'status'>): void {
    this.#enter({ status: 'unavailable', ...outcome }, { reason: outcome.problem.code })
  }

  /** connected, fallback → reconnecting: the engine in use does not answer. */
  lose(outage: Omit<Next<'reconnecting'>, 'status'>): Stay {
    return this.#enter({ status: 'reconnecting', ...outage }, { reason: outage.problem.code })
  }

  /** reconnecting → connected, fallback: it answers again, on another host where it is a new engine. */
  recover(inUse: InUse, newEngine: boolean): void {
    this.#enter(inUse, { newEngine })
  }

  /** fallback → connected: the configured database takes over. */
  returnToPrimary(connected: Next<'connected'>, reason: string): void {
    this.#enter(connected, { newEngine: true, reason })
  }

  /** any → closing: what is in flight may end. */
  close(): void {
    this.#enter({ status: 'closing' })
  }

  /** closing → closed. */
  end(): void {
    this.#enter({ status: 'closed' })
  }

  /** Learns more within the same state; nobody is told. */
  learn(next: Next<'connecting' | 'connected' | 'fallback' | 'reconnecting'>): void {
    const { status, since, generation } = this.#state
    if (status !== next.status) throw new TypeError(`what is known of ${next.status} is not of ${status}`)
    this.#become(deepFreeze({ ...next, since, generation }))
  }

  /** Calls the listener at each change. Returns how to stop it. */
  onChange(listener: (change: StateChange) => void): () => void {
    const safe = harmless(listener)
    this.#listeners.add(safe)
    return () => void this.#listeners.delete(safe)
  }

  #enter(
    next: Next<Status>,
    { newEngine = false, reason }: { readonly newEngine?: boolean; readonly reason?: string } = {},
  ): Stay {
    const { status: from, generation } = this.#state
    const { status: to } = next
    if (!transitions[from].includes(to)) throw new TypeError(`no transition leads from ${from} to ${to}`)
    const at = Date.now()
    const stay = Symbol(to)
    this.#stay = stay
    this.#become(deepFreeze({ ...next, since: at, generation: generation + (newEngine ? 1 : 0) }))
    this.#tell({ from, to, at, ...(reason !== undefined && { reason }) })
    return stay
  }

  #become(state: ConnectionState): void {
    noteNextAttempt(state)
    this.#state = state
  }

  #tell(change: StateChange): void {
    // A listener may cause the next change: those after it hear of this one first.
    if (this.#untold.push(change) > 1) return
    for (const each of this.#untold) for (const listener of [...this.#listeners]) listener(each)
    this.#untold.length = 0
  }
}
