import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from 'failsoft/knex'
import type { Knex } from 'knex'
import type { Test } from 'tap'
import { outcome } from '../../engine/server/evidence-subjects.ts'

/** A server has no room for another connection: the transaction that is open stays so, until it and the others end. */
export async function standsWhileFull(
  t: Test,
  database: Database,
  open: Knex.Transaction,
  others: readonly Knex.Transaction[],
): Promise<void> {
  const knex = await database.ready()
  t.not(await outcome(knex.raw('select 1')), 'served', 'there is no room for another connection')
  for (let checks = 0; checks < 4; checks++) {
    await database.check()
    t.equal(database.state.status, 'connected')
    await sleep(2000)
  }
  t.equal(await outcome(open.raw('select 1')), 'served')
  await open.commit()
  await Promise.all(others.map((other) => other.rollback()))
}
