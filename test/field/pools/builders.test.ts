import { setTimeout as sleep } from 'node:timers/promises'
import type { SupervisedPoolDatabase } from 'failsoft/pg'
import t, { type Test } from 'tap'
import { change } from '../../engine/server/open-engine.js'
import { mariadbFamily, openIn, outcome, postgresFamily, type PoolFamily } from '../../pg/pool-family.js'
import { startFaultServer } from '../../servers/fault-server.js'
import { freePort } from '../../servers/free-port.js'
import { startProxy } from '../../servers/proxy.js'
import { builders } from './builders.js'

t.setTimeout(300_000)

const uncaught: unknown[] = []
process.on('uncaughtException', (error) => uncaught.push(error))
process.on('unhandledRejection', (error) => uncaught.push(error))

const six = [1, 2, 3, 4, 5, 6]
const allSix = six.map(() => 'served')

async function reach(database: SupervisedPoolDatabase<unknown>, status: string): Promise<void> {
  while (database.state.status !== status) await sleep(10)
}

for (const [driver, family, other] of [
  ['pg', await postgresFamily(t), await postgresFamily(t)],
  ['mysql2', await mariadbFamily(t), await mariadbFamily(t)],
] as const) {
  if ('skip' in family || 'skip' in other) {
    void t.test(driver, { skip: 'mariadbd is not installed' }, () => {})
    continue
  }
  for (const [name, open] of Object.entries(builders[driver]))
    void t.test(`${name} on a pool of ${driver}`, (t) => builderCases(t, family, other, open))
}

async function builderCases(
  t: Test,
  family: PoolFamily,
  other: PoolFamily,
  open: (typeof builders)['pg'][string],
): Promise<void> {
  const { url } = family
  const { port } = new URL(url)
  for (const each of [family, other]) {
    const { pool } = openIn(t, each)
    await each.run(pool, 'drop table if exists built')
    await each.run(pool, 'create table built (name varchar(50))')
  }
  const make = (t: Test, to: string = url, options: object = {}) => {
    const database = openIn(t, family, { url: to, ...options })
    return { database, builder: open(database.pool) }
  }
  const firstThen = (first: number, then: PoolFamily = family): string =>
    url.replace(`:${port}/`, `:${first},127.0.0.1:${new URL(then.url).port}/`)

  await t.test('queries, and transactions that hold or do not', async (t) => {
    const { builder } = make(t)
    await builder.insert('one')
    await builder.insertBoth(['two', 'three'])
    await t.rejects(builder.insertBoth(['four', 'x'.repeat(60)]), 'too long for the column')
    t.same((await builder.names()).toSorted(), ['one', 'three', 'two'])
  })

  await t.test('a dead and a silent first host', async (t) => {
    const silent = await startFaultServer('is silent')
    t.teardown(() => silent.close())
    for (const first of [await freePort(), silent.port]) {
      const { builder } = make(t, firstThen(first), { connectTimeoutMs: 500 })
      t.same(await Promise.all(six.map(() => outcome(builder.one()))), allSix)
    }
  })

  await t.test('all connections at rest are cut', async (t) => {
    const { database, builder } = make(t)
    await Promise.all(six.map(() => builder.one()))
    const killer = openIn(t, family)
    await family.killOthers(killer.pool)
    // The news is on its way: a connection that answered just now is not asked whether it lives.
    await sleep(500)
    t.same(await Promise.all(six.map(() => outcome(builder.one()))), allSix)
    t.match(database.state, { status: 'connected' })
  })

  await t.test('a silent server: every wait ends, and it recovers', async (t) => {
    const proxy = await startProxy(Number(port))
    t.teardown(() => proxy.close())
    const { database, builder } = make(t, change(url, { port: proxy.port }), { connectTimeoutMs: 1000 })
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
  })

  await t.test('a restart under writers: nothing acknowledged is lost, nothing is there twice', async (t) => {
    const { database, builder } = make(t)
    await builder.one()
    const acknowledged: string[] = []
    const ending = new AbortController()
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; !ending.signal.aborted; n++) {
        const names = [`w${writer}-${n}`, `w${writer}-${n}b`] as const
        const work = writer % 2 === 0 ? builder.insertBoth(names) : builder.insert(names[0])
        const written = writer % 2 === 0 ? names : names.slice(0, 1)
        if ((await outcome(work)) === 'served') acknowledged.push(...written)
        await sleep(5)
      }
    }
    const writers = six.map((writer) => write(writer))
    while (acknowledged.length < 50) await sleep(10)
    await family.stop()
    await reach(database, 'reconnecting')
    await family.start()
    await reach(database, 'connected')
    const enough = acknowledged.length + 50
    while (acknowledged.length < enough) await sleep(10)
    ending.abort()
    await Promise.all(writers)
    const found = await builder.names()
    const kept = new Set(found)
    t.same(
      acknowledged.filter((each) => !kept.has(each)),
      [],
    )
    t.equal(found.length, kept.size)
  })

  await t.test('the first host dies: the next one takes over', async (t) => {
    const { database, builder } = make(t, firstThen(Number(port), other))
    await builder.one()
    t.match(database.state, { engine: { hostNumber: 1 } })
    await family.stop()
    while ((await outcome(builder.insertBoth(['moved', 'too']))) !== 'served') await sleep(20)
    t.match(database.state, { status: 'connected', engine: { hostNumber: 2 } })
    t.same((await builder.names()).toSorted(), ['moved', 'too'])
    await database.close()
    await family.start()
  })

  t.same(uncaught, [], 'nothing reached uncaughtException')
}
