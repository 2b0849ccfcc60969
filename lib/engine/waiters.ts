/** One who waits, and how to end that with an error. */
export interface Waiter {
  readonly refuse: (error: unknown) => void
  /** Where it stands in the list; -1 once it waits no more. */
  place: number
}

/**
 * Those who wait, in no order. Not a Set: where it changes with each statement, V8 makes its table anew again and again, and each old table that has
 * outlived some collections keeps the next one, with all that was in it, until a full collection.
 */
export class Waiters {
  readonly #list: Waiter[] = []

  add(refuse: Waiter['refuse']): Waiter {
    const waiter = { refuse, place: this.#list.length }
    this.#list.push(waiter)
    return waiter
  }

  /** Returns whether it still waited. */
  remove(waiter: Waiter): boolean {
    const { place } = waiter
    if (place < 0) return false
    const last = this.#list.pop() as Waiter
    if (last !== waiter) this.#list[place] = last
    last.place = place
    waiter.place = -1
    return true
  }

  /** Removes all of them, and refuses each with an error of its own. */
  refuseAll(makeError: () => Error): void {
    const all = this.#list.splice(0)
    for (const waiter of all) waiter.place = -1
    for (const { refuse } of all) refuse(makeError())
  }
}
