import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { outcome } from '../../engine/server/evidence-subjects.js'
import { openEngine } from '../../engine/server/open-engine.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { standsWhileFull } from './stands-while-full.js'

t.setTimeout(120_000)

/** Others take every connection that the server has, while a transaction is open. */
async function standsByItself(t: Test, url: string): Promise<void> {
  const database = openDatabase({ url, strategy: 'never', log: () => {} })
  t.teardown(() => database.close({ timeoutMs: 500 }))
  const knex = await database.ready()
  const trx = await knex.transaction()
  const others = openEngine(t, url, { pool: { max: 30 } })
  const taken: Knex.Transaction[] = []
  while (
    (await outcome(others.knex.transaction().then((other) => taken.push(other)))) !== 'too-many-connections'
  );
  // A connection that lies idle in the database's own pool would still serve.
  while ((await outcome(knex.transaction().then((own) => taken.push(own)))) === 'served');
  await standsWhileFull(t, database, trx, taken)
  await others.close()
  while ((await outcome(knex.raw('select 1'))) !== 'served') await sleep(100)
  await database.check()
  t.equal(database.state.status, 'connected')
}

void t.test('PostgreSQL: max_connections is reached', async (t) => {
  const server = await startPostgres({
    flags: ['-c', 'max_connections=8', '-c', 'superuser_reserved_connections=0', '-c', 'max_wal_senders=0'],
  })
  t.teardown(() => server.remove())
  await standsByItself(t, server.url)
})

void t.test('MariaDB: max_connections is reached', async (t) => {
  const server = await startMariadb({ flags: ['--max-connections=10'] })
  if ('skip' in server) return t.plan(0, server.skip)
  t.teardown(() => server.remove())
  await standsByItself(t, server.url)
})
