import type { Knex } from 'knex'
import { dialectOf } from './dialect.ts'

type Work<T> = (knex: Knex) => Promise<T>
type Lock = <T>(knex: Knex, work: Work<T>) => Promise<T>

const lockName = 'example-app migrations'
const patienceSeconds = 60

/**
 * Runs migrations while no other process does. knex has a lock of its own, a row, which makes the second process fail rather than
 * wait, and which stays behind where the first one dies. These locks end with the connection that holds them.
 */
export async function withMigrationLock<T>(knex: Knex, work: Work<T>): Promise<T> {
  const lock = locks[dialectOf(knex)] ?? inTransaction
  return lock(knex, work)
}

/** All or nothing. On SQLite the transaction is the lock: there is one writer. */
const inTransaction: Lock = async (knex, work) => knex.transaction(async (trx) => work(trx))

const underAdvisoryLock: Lock = async (knex, work) =>
  knex.transaction(async (trx) => {
    await trx.raw(`set local lock_timeout = '${patienceSeconds}s'`)
    await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [lockName])
    return work(trx)
  })

/** MySQL commits at each change of a table, so the lock belongs to a connection of its own beside the work. */
const beside: Lock = async (knex, work) =>
  knex.transaction(async (trx) => {
    const lock = trx.raw<number | null>('get_lock(?, ?)', [lockName, patienceSeconds])
    const answer = await trx.select({ lock }).first<{ lock: number | null } | undefined>()
    if (answer?.lock !== 1) throw new Error('another process has been migrating for too long')
    try {
      return await work(knex)
    } finally {
      await trx.raw('do release_lock(?)', [lockName])
    }
  })

const locks: Readonly<Record<string, Lock>> = {
  sqlite3: inTransaction,
  postgresql: underAdvisoryLock,
  mysql: beside,
}
