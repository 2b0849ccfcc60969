import { setTimeout as sleep } from 'node:timers/promises'
import type { SupervisedPoolDatabase } from 'failsoft/pg'
import type { Test } from 'tap'
import { awakeNow } from '../../awake.ts'
import { change } from '../../engine/server/open-engine.ts'
import { openIn, outcome, type PoolFamily } from '../../pg/pool-family.ts'
import { startFaultServer } from '../../servers/fault-server.ts'
import { refusedPort } from '../../servers/refused-port.ts'
import { startProxy } from '../../servers/proxy.ts'
import { hold, startWriters } from './builder-load.ts'
import type { Builder, Open } from './builders.ts'

const uncaught: unknown[] = []
process.on('uncaughtException', (error) => uncaught.push(error))
process.on('unhandledRejection', (error) => uncaught.push(error))

const six = [1, 2, 3, 4, 5, 6]
const allSix = six.map(() => 'served')

/** A builder, and the servers that it meets. */
interface Subject {
  readonly family: PoolFamily
  /** Another server, with a table of the same name. */
  readonly other: PoolFamily
  readonly port: number
  make(t: Test, options?: object): { database: SupervisedPoolDatabase<unknown>; builder: Builder }
  /** The URL with this one as the first host. */
  after(firstPort: number, next?: PoolFamily): string
}

type Case = (t: Test, subject: Subject) => Promise<void>

/** What a builder has to stand on a pool. */
export async function builderCases(
  t: Test,
  family: PoolFamily,
  other: PoolFamily,
  open: Open,
): Promise<void> {
  const { url } = family
  const port = Number(new URL(url).port)
  for (const each of [family, other]) {
    const { pool } = openIn(t, each)
    await each.run(pool, 'drop table if exists built')
    await each.run(pool, 'create table built (name varchar(50))')
  }
  const subject: Subject = {
    family,
    other,
    port,
    make(t, options) {
      const database = openIn(t, family, { url, ...options })
      return { database, builder: open(database.pool) }
    },
    after: (firstPort, next = family) =>
      url.replace(`:${port}/`, `:${firstPort},127.0.0.1:${new URL(next.url).port}/`),
  }
  for (const [name, run] of Object.entries(cases)) await t.test(name, (t) => run(t, subject))
  t.same(uncaught, [], 'nothing reached uncaughtException')
}

async function reach(database: SupervisedPoolDatabase<unknown>, status: string): Promise<void> {
  while (database.state.status !== status) await sleep(10)
}

function hostInUse({ state }: SupervisedPoolDatabase<unknown>): number | undefined {
  return state.status === 'connected' ? state.engine.hostNumber : undefined
}

const cases: Readonly<Record<string, Case>> = {
  async 'queries, and transactions that hold or do not'(t, { make }) {
    const { builder } = make(t)
    await builder.insert('one')
    await builder.insertBoth(['two', 'three'])
    await t.rejects(builder.insertBoth(['four', 'x'.repeat(60)]), 'too long for the column')
    t.same((await builder.names()).toSorted(), ['one', 'three', 'two'])
  },

  async 'a dead and a silent first host'(t, { make, after }) {
    const silent = await startFaultServer('is silent')
    t.teardown(() => silent.close())
    for (const first of [refusedPort, silent.port]) {
      const { builder } = make(t, { url: after(first), connectTimeoutMs: 500 })
      t.same(await Promise.all(six.map(() => outcome(builder.one()))), allSix)
    }
  },

  async 'all connections at rest are cut'(t, { family, make }) {
    const { database, builder } = make(t)
    await Promise.all(six.map(() => builder.one()))
    const killer = openIn(t, family)
    await family.killOthers(killer.pool)
    // The news is on its way: a connection that answered just now is not asked whether it lives.
    await sleep(500)
    t.same(await Promise.all(six.map(() => outcome(builder.one()))), allSix)
    t.match(database.state, { status: 'connected' })
  },

  async 'a full pool: every wait ends, and who comes after it is served'(t, { make }) {
    const acquireTimeoutMs = 500
    const { database, builder } = make(t, { pool: { max: 2, acquireTimeoutMs } })
    const held = await hold(builder, 2)
    const asking = awakeNow()
    const outcomes = await Promise.all([
      ...six.map(() => outcome(builder.one())),
      outcome(builder.insertBoth(['never', 'there'])),
    ])
    t.ok(awakeNow() - asking < 2 * acquireTimeoutMs)
    t.same([...new Set(outcomes)], ['pool-exhausted'])
    t.match(database.state, { status: 'connected' })
    const waiting = six.map(() => outcome(builder.one()))
    await held.release()
    t.same(await Promise.all(waiting), allSix)
    t.notOk((await builder.names()).includes('never'))
  },

  async 'a silent server: every wait ends, and it recovers'(t, { family, port, make }) {
    const proxy = await startProxy(port)
    t.teardown(() => proxy.close())
    const url = change(family.url, { port: proxy.port })
    const { database, builder } = make(t, { url, connectTimeoutMs: 1000 })
    await builder.one()
    proxy.stall()
    const outcomes = await Promise.all([
      ...six.map(() => outcome(builder.one())),
      outcome(builder.insertBoth(['a', 'b'])),
    ])
    t.notOk(outcomes.includes('served'), outcomes.join())
    t.notOk(outcomes.includes('pool-exhausted'))
    await reach(database, 'reconnecting')
    proxy.resume()
    await reach(database, 'connected')
    t.equal(await outcome(builder.one()), 'served')
  },

  async 'a restart under writers: nothing acknowledged is lost, nothing is there twice'(t, { family, make }) {
    const { database, builder } = make(t)
    await builder.one()
    const writers = startWriters(builder)
    const { acknowledged } = writers
    while (acknowledged.length < 50) await sleep(10)
    await family.stop()
    await reach(database, 'reconnecting')
    await family.start()
    await reach(database, 'connected')
    const enough = acknowledged.length + 50
    while (acknowledged.length < enough) await sleep(10)
    await writers.stop()
    const found = await builder.names()
    const kept = new Set(found)
    t.same(
      acknowledged.filter((each) => !kept.has(each)),
      [],
    )
    t.equal(found.length, kept.size)
  },

  async 'the first host dies: the next one takes over'(t, { family, other, port, make, after }) {
    const { database, builder } = make(t, { url: after(port, other) })
    await builder.one()
    t.equal(hostInUse(database), 1)
    await family.stop()
    while ((await outcome(builder.insertBoth(['moved', 'too']))) !== 'served') await sleep(20)
    // The state follows with the next answer.
    while (hostInUse(database) !== 2) await sleep(10)
    t.same((await builder.names()).toSorted(), ['moved', 'too'])
    await database.close()
    await family.start()
  },
}
