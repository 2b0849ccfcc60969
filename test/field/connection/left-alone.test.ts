import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'
import t, { type Test } from 'tap'
import { behindProxy, outcome, subjects } from '../../engine/server/evidence-subjects.js'
import { openEngine } from '../../engine/server/open-engine.js'

t.setTimeout(240_000)

/** What takes long and is no silence, each beside a watch that asks every few seconds. */
async function leavesAlone(
  t: Test,
  url: string,
  table: string,
  sleepSql: (seconds: number) => string,
): Promise<void> {
  const owner = openEngine(t, url)
  await owner.knex.raw(`create table ${table} (n integer)`)
  await owner.knex.raw(`insert into ${table} values (0)`)
  const database = openDatabase({ url, strategy: 'never', pool: { max: 4 }, log: () => {} })
  const prepared = openDatabase({
    url,
    strategy: 'always',
    cwd: t.testdir(),
    log: () => {},
    bootDeadlineMs: 2000,
    prepare: async (knex) => void (await knex.raw(sleepSql(15))),
  })
  for (const each of [database, prepared]) t.teardown(() => each.close({ timeoutMs: 500 }))
  const statuses: string[] = []
  for (const each of [database, prepared]) each.onStateChange(({ to }) => statuses.push(to))

  const knex = await database.ready()
  const idle = await knex.transaction()
  await idle.raw('select 1')
  const locker = await owner.knex.transaction()
  await locker.raw(`update ${table} set n = 1`)
  const report = outcome(knex.raw(sleepSql(60)))
  // As long as the lock is waited for, with the database's own bound out of the way.
  const waiting = outcome(
    knex.transaction(async (trx) => {
      if (url.startsWith('mysql')) await trx.raw('set innodb_lock_wait_timeout = 120')
      await trx.raw(`update ${table} set n = n + 1`)
    }),
  )
  t.match(await prepared.connect(), { status: 'connecting' }, 'the deadline bounds the wait, not the work')
  await sleep(60_000)
  t.equal(await report, 'served', 'a report of a minute')
  await locker.commit()
  t.equal(await waiting, 'served', 'a wait for a lock of a minute')
  t.equal(await outcome(idle.raw('select 1')), 'served', 'a transaction that was idle for a minute')
  await idle.commit()
  t.equal(prepared.state.status, 'connected', 'a preparation of 15 s, with a boot deadline of 2 s')
  t.same(statuses.toSorted(), ['connected', 'connected', 'connecting', 'connecting'], 'nothing was given up')
}

t.jobs = 4
for (const { name, url, sleep: sleepSql } of subjects) {
  void t.test(`${name}, directly: what takes a minute is left alone`, (t) =>
    leavesAlone(t, url, 'left_alone', sleepSql),
  )
  void t.test(`${name}, through a proxy: what takes a minute is left alone`, async (t) => {
    const { url: proxied } = await behindProxy(t, url)
    await leavesAlone(t, proxied, 'left_alone_too', sleepSql)
  })
}
