import type { Knex } from 'knex'
import { dialectOf, type Dialect } from './dialect.ts'

type Work<T> = (knex: Knex) => Promise<T>
type Lock = <T>(knex: Knex, patienceSeconds: number, work: Work<T>) => Promise<T>

const lockName = 'example-app migrations'

/**
 * Runs migrations while no other process does. knex has a lock of its own, a row, which makes the second process fail rather than
 * wait, and which stays behind where the first one dies. These locks end with the connection that holds them.
 *
 * @param patienceSeconds - how long to wait for another process.
 */
export async function withMigrationLock<T>(
  knex: Knex,
  work: Work<T>,
  patienceSeconds: number = 60,
): Promise<T> {
  return locks[dialectOf(knex)](knex, patienceSeconds, work)
}

const locks: Readonly<Record<Dialect, Lock>> = {
  /** The transaction is the lock: there is one writer. */
  sqlite3: async (knex, _, work) => knex.transaction(async (trx) => work(trx)),

  postgresql: async (knex, patienceSeconds, work) =>
    knex.transaction(async (trx) => {
      await trx.raw(`set local lock_timeout = '${patienceSeconds}s'`)
      await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [lockName])
      return work(trx)
    }),

  /** MySQL commits at each change of a table, so the lock belongs to a connection of its own beside the work. */
  mysql: async (knex, patienceSeconds, work) =>
    knex.transaction(async (trx) => {
      const lock = trx.raw<number | null>('get_lock(?, ?)', [lockName, patienceSeconds])
      const answer = await trx.select({ lock }).first<{ lock: number | null }>()
      if (answer.lock !== 1) throw new Error('another process has been migrating for too long')
      try {
        return await work(knex)
      } finally {
        await trx.raw('do release_lock(?)', [lockName])
      }
    }),
}
