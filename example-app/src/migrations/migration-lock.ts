import type { Knex } from 'knex'

type Work<T> = (knex: Knex) => Promise<T>
type Lock = <T>(knex: Knex, work: Work<T>) => Promise<T>

const lockName = 'example-app migrations'
const patienceSeconds = 60

/**
 * Runs migrations while no other process does. knex has a lock of its own, a row, which makes the second process fail rather than
 * wait, and which stays behind where the first one dies. These locks end with the connection that holds them.
 */
export async function withMigrationLock<T>(knex: Knex, work: Work<T>): Promise<T> {
  const lock = locks[String(knex.client.dialect)] ?? inTransaction
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
    const got = await trx.select({ lock: trx.raw('get_lock(?, ?)', [lockName, patienceSeconds]) }).first()
    if (Number(got?.lock) !== 1) throw new Error('another process has been migrating for too long')
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
