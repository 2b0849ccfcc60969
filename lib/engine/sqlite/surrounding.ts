import type { KnexPool, KnexTransaction } from '../knex-client.ts'

/** A transaction around the work that is running now. */
export interface Surrounding {
  /** The pool that its connection comes from. */
  readonly pool: KnexPool | undefined
  readonly outer: Surrounding | undefined
  transaction?: KnexTransaction
}

/** Whether the work is inside an open transaction that holds a connection of the pool. */
export function isAround(pool: KnexPool, surrounding: Surrounding | undefined): boolean {
  if (!surrounding) return false
  const isOpen = surrounding.transaction?._completed === false
  return (isOpen && surrounding.pool === pool) || isAround(pool, surrounding.outer)
}
