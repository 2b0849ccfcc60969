import { AsyncLocalStorage } from 'node:async_hooks'
import type { KnexPool, KnexTransaction, TransactionContainer } from '../knex-client.ts'

/** A transaction around the work that is running now. */
interface Scope {
  /** The pool that its connection comes from. */
  readonly pool: KnexPool | undefined
  readonly outer: Scope | undefined
  transaction?: KnexTransaction
}

/** Knows, of the work that is running now, the transactions around it. */
export class TransactionScopes {
  readonly #store = new AsyncLocalStorage<Scope>()
  #running = 0

  /** Whether an open transaction around this holds a connection of the pool. */
  isAround(pool: KnexPool): boolean {
    for (let around = this.#store.getStore(); around; around = around.outer) {
      if (around.pool === pool && around.transaction?._completed === false) return true
    }
    return false
  }

  /**
   * Makes a transaction that its own work is known to be inside of.
   *
   * @param make - makes it; it runs its work later.
   */
  around(
    pool: KnexPool | undefined,
    container: TransactionContainer,
    make: (work: TransactionContainer) => KnexTransaction,
  ): KnexTransaction {
    const scope: Scope = { pool, outer: this.#store.getStore() }
    scope.transaction = make((trx) => {
      const work = this.#store.run(scope, () => container(trx))
      return isThenable(work) ? this.#restAfter(work) : work
    })
    return scope.transaction
  }

  /** While nothing is to be known, nothing is tracked: before Node.js 24 that costs every promise of the program. */
  async #restAfter(work: PromiseLike<unknown>): Promise<unknown> {
    this.#running++
    try {
      return await work
    } finally {
      this.#running--
      if (this.#running === 0) this.#store.disable()
    }
  }
}

/** A query builder is one too: it runs when it is awaited, and so must be awaited once. */
function isThenable(work: unknown): work is PromiseLike<unknown> {
  return typeof (work as PromiseLike<unknown> | undefined)?.then === 'function'
}
