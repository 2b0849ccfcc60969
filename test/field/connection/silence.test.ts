import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase, type Database, type OpenOptions, type Status } from 'failsoft/knex'
import type { Knex } from 'knex'
import t, { type Test } from 'tap'
import { behindProxy, outcome, subjects } from '../../engine/server/evidence-subjects.js'
import { change, openEngine } from '../../engine/server/open-engine.js'
import { standsWhileFull } from './stands-while-full.js'

t.setTimeout(300_000)

function open(t: Test, options: OpenOptions): { database: Database; statuses: readonly Status[] } {
  const database = openDatabase({ strategy: 'always', cwd: t.testdir(), log: () => {}, ...options })
  t.teardown(() => database.close({ timeoutMs: 500 }))
  const statuses: Status[] = []
  database.onStateChange(({ to }) => statuses.push(to))
  return { database, statuses }
}

async function reach(database: Database, status: Status): Promise<void> {
  while (database.state.status !== status) await sleep(20)
}

/** Locks a table and goes on, as migrations do. */
const migrate = async (knex: Knex, table: string, meanwhile?: () => void): Promise<void> =>
  knex.transaction(async (trx) => {
    await trx.raw(`update ${table} set n = n + 1`)
    meanwhile?.()
    await trx.raw(`update ${table} set n = n + 1`)
  })

for (const subject of subjects) {
  const { name, url } = subject
  const makeTable = async (t: Test, table: string): Promise<void> => {
    const { knex } = openEngine(t, url)
    await knex.schema.createTable(table, (columns) => void columns.integer('n'))
    await knex(table).insert({ n: 0 })
  }

  void t.test(`${name}: the connection goes silent while the database is prepared`, async (t) => {
    await makeTable(t, 'prepared')
    const { proxy, url: proxied } = await behindProxy(t, url)
    const ends: unknown[] = []
    const { database, statuses } = open(t, {
      url: proxied,
      bootDeadlineMs: 1000,
      prepare: async (knex) => {
        const work = migrate(knex, 'prepared', ends.length === 0 ? () => proxy.freeze() : undefined)
        ends.push(await outcome(work))
        await work
      },
    })
    t.match(await database.connect(), { status: 'connecting' }, 'the deadline bounds the wait, not the work')
    await reach(database, 'connected')
    t.same(ends, ['connection-lost', 'served'], 'the next try does not wait for the locks of the one before')
    t.notOk(statuses.includes('fallback'), 'no fallback beside a server that lives')
  })

  void t.test(`${name}: the whole server goes silent while the database is prepared`, async (t) => {
    await makeTable(t, 'cut_off')
    const { proxy, url: proxied } = await behindProxy(t, url)
    const ends: unknown[] = []
    const { database } = open(t, {
      url: proxied,
      strategy: 'never',
      connectTimeoutMs: 1000,
      prepare: async (knex) => {
        const work = migrate(knex, 'cut_off', ends.length === 0 ? () => proxy.stall() : undefined)
        ends.push(await outcome(work))
        await work
      },
    })
    await database.connect()
    while (ends.length === 0) await sleep(20)
    // The server never hears that the old connections are given up.
    proxy.freeze()
    await reach(database, 'connected')
    t.equal(ends.at(-1), 'served', 'the next try does not wait for the locks of the one before')
    t.not(ends[0], 'served')
  })

  void t.test(
    `${name}: a return whose connection goes silent settles, and so does the next one`,
    async (t) => {
      await makeTable(t, 'returned')
      const { proxy, url: proxied } = await behindProxy(t, url)
      proxy.refuse(true)
      let tries = 0
      const { database } = open(t, {
        url: proxied,
        returnToPrimary: 'manual',
        prepare: async (knex) => {
          if (database.state.status !== 'fallback') return
          await migrate(knex, 'returned', tries++ === 0 ? () => proxy.freeze() : undefined)
        },
      })
      t.match(await database.connect(), { status: 'fallback' })
      proxy.refuse(false)
      t.match(await database.returnToPrimary(), { status: 'fallback' })
      t.match(await database.returnToPrimary(), { status: 'connected' })
      t.equal(tries, 2)
    },
  )

  void t.test(`${name}: a preparation that takes longer than the boot deadline is left alone`, async (t) => {
    for (const over of [url, (await behindProxy(t, url)).url]) {
      const { database, statuses } = open(t, {
        url: over,
        bootDeadlineMs: 1000,
        prepare: async (knex) => void (await knex.raw(subject.sleep(8))),
      })
      t.match(await database.connect(), { status: 'connecting' })
      await reach(database, 'connected')
      t.same(statuses, ['connecting', 'connected'])
    }
  })

  void t.test(`${name}: a server that is full costs nobody a transaction`, async (t) => {
    const owner = openEngine(t, url)
    for (const sql of subject.limitedUser('crowded', 3)) await owner.knex.raw(sql)
    const crowded = change(url, { user: 'crowded', password: 'crowded' })
    const { database } = open(t, { url: crowded, strategy: 'never' })
    const knex = await database.ready()
    const trx = await knex.transaction()
    const others = openEngine(t, crowded, { pool: { max: 2 } })
    const taken: Knex.Transaction[] = []
    while (taken.length < 2)
      await others.knex.transaction().then(
        (other) => taken.push(other),
        () => sleep(100),
      )
    await standsWhileFull(t, database, trx, taken)
    await database.connect()
    t.equal(await outcome(knex.raw('select 1')), 'served')
  })
}
