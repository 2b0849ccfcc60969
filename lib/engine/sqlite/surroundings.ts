import { AsyncLocalStorage } from 'node:async_hooks'
import type { KnexPool, KnexTransaction, TransactionContainer } from '../knex-client.ts'

/** A transaction around the work that is running now. */
interface Surrounding {
  /** The pool that its connection comes from. */
  readonly pool: KnexPool | undefined
  readonly outer: Surrounding | undefined
  transaction?: KnexTransaction
}

/** Knows, of the work that is running now, the transactions around it. */
export class Surroundings {
  readonly #store = new AsyncLocalStorage<Surrounding>()
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
    const surrounding: Surrounding = { pool, outer: this.#store.getStore() }
    surrounding.transaction = make((trx) => {
      const work = this.#store.run(surrounding, () => container(trx))
      if (work instanceof Promise) this.#rest(work)
      return work
    })
    return surrounding.transaction
  }

  /** While nothing is to be known, nothing is tracked: before Node.js 24 that costs every promise of the program. */
  #rest(work: Promise<unknown>): void {
    this.#running++
    const end = (): void => {
      this.#running--
      if (this.#running === 0) this.#store.disable()
    }
    work.then(end, end)
  }
}
