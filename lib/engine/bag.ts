/** What can be in a bag, in one at a time. */
export interface BagItem {
  /** Where in the bag it is. */
  place: number
}

/**
 * What comes and goes with every query, in no order. It is no `Set`: V8 makes the table of a `Set` that has lived for a while anew, in
 * the old generation, whenever many came and went, and each table that it leaves keeps all that were in it alive until a full collection.
 */
export class Bag<Item extends BagItem> {
  readonly #items: Item[] = []

  add(item: Item): void {
    item.place = this.#items.push(item) - 1
  }

  has(item: Item): boolean {
    return this.#items[item.place] === item
  }

  /** Takes one out. Returns whether it was in. */
  delete(item: Item): boolean {
    if (!this.has(item)) return false
    const last = this.#items.pop() as Item
    if (last === item) return true
    this.#items[item.place] = last
    last.place = item.place
    return true
  }

  /** All that are in it, as it is now. */
  get all(): readonly Item[] {
    return this.#items
  }
}
