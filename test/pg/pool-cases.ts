import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Credentials, LogEvent } from 'failsoft/knex'
import type { SupervisedPoolDatabase } from 'failsoft/pg'
import type { Test } from 'tap'
import { change } from '../engine/server/open-engine.js'
import { startFaultServer } from '../servers/fault-server.js'
import { refusedPort } from '../servers/refused-port.js'
import { startProxy } from '../servers/proxy.js'
import { openIn, outcome, type PoolFamily } from './pool-family.js'
import { awakeNow } from '../awake.js'

const one = 'select 1 as one'

async function reach(database: SupervisedPoolDatabase<unknown>, status: string): Promise<void> {
  while (database.state.status !== status) await sleep(10)
}

/** What every pool has to do, whatever driver it is of. */
export function poolCases(t: Test, family: PoolFamily): void {
  const { name, url, run } = family
  const { hostname, port } = new URL(url)
  const list = (first: string, user = new URL(url).username): string => {
    const { protocol, password, pathname } = new URL(url)
    return `${protocol}//${user}:${password}@${first},${hostname}:${port}${pathname}`
  }

  void t.test(`${name}: a pool is usable at once, and ends when it is told to`, async (t) => {
    const database = openIn(t, family)
    t.equal(database.state.status, 'idle')
    t.match(database.health(), { status: 'fail' })
    t.match(await database.check(), { status: 'fail' }, 'nothing is asked before it connects')
    const { pool } = database
    t.strictSame(
      await Promise.all([run(pool, one), run(pool, one)]),
      [[{ one: 1 }], [{ one: 1 }]],
      'what is asked first connects',
    )
    t.match(database.state, { status: 'connected', readOnly: false, engine: { host: hostname } })
    t.equal(await database.ready(), pool, 'one object for life')
    t.equal(database.pool, pool)
    t.match(await database.connect(), { status: 'connected' })
    t.match(await database.check(), { status: 'pass', checks: { 'database:responseTime': [{}] } })
    const changes: string[] = []
    const stop = database.onStateChange(({ to }) => changes.push(to))
    const held = await family.hold(pool)
    const ending = family.end(pool)
    t.equal(database.state.status, 'closing')
    t.strictSame(await held.run(one), [{ one: 1 }], 'work in flight may end')
    held.release()
    await ending
    t.strictSame(changes, ['closing', 'closed'])
    stop()
    t.equal(await outcome(run(pool, one)), 'closed')
    await family.end(pool)
  })

  void t.test(`${name}: what is no database of this kind is said`, async (t) => {
    const other = name === 'PostgreSQL' ? 'mysql://app@db/shop' : 'postgres://app@db/shop'
    for (const [env, code] of [
      [{ DATABASE_URL: other }, 'unsupported-scheme'],
      [{ DATABASE_URL: 'sqlite:app.db' }, 'unsupported-scheme'],
      [{ DATABASE_URL: other.replace(/^\w+/, 'mongodb') }, 'unsupported-scheme'],
      [{}, 'missing'],
      [{ DATABASE_URL: change(url, { query: '?connect_timeout=soon' }) }, 'invalid-parameter'],
      [
        { DATABASE_URL: change(url, { query: '?sslmode=verify-full&sslrootcert=/none.pem' }) },
        'invalid-parameter',
      ],
    ] as const) {
      const database = family.open({ env: { ...env }, log: () => {} })
      t.equal(await outcome(run(database.pool, one)), code)
      t.match(database.state, { status: 'unavailable', problem: { code }, nextAttemptAt: null })
      t.match(await outcome(database.ready()), code)
      await database.close()
    }
    const { config } = family.open({ env: { DATABASE_URL: other } })
    t.match(config, { kind: 'unresolved', reason: 'unsupported' })
    t.match(config.explain(), /this pool is for/)
    for (const wrong of [
      { strategy: 'never' },
      { sqlite: {} },
      { sqliteDriver: 'auto' },
      { bootDeadlineMs: '1' },
    ])
      t.throws(() => family.open(wrong as object), TypeError)
  })

  void t.test(
    `${name}: a server that is away is waited for until the boot deadline, and comes back by itself`,
    async (t) => {
      const proxy = await startProxy(Number(port))
      t.teardown(() => proxy.close())
      proxy.refuse(true)
      const database = openIn(t, family, { url: change(url, { port: proxy.port }), bootDeadlineMs: 1500 })
      const silent = await startFaultServer('is silent')
      t.teardown(() => silent.close())
      t.match(await outcome(run(database.pool, one)), /not-a-database-server|connection/)
      t.match(database.state, { status: 'unavailable' })
      proxy.refuse(false)
      await reach(database, 'connected')
      t.strictSame(await run(database.pool, one), [{ one: 1 }], 'the same pool')

      const mute = openIn(t, family, {
        url: change(url, { port: silent.port }),
        bootDeadlineMs: 2000,
        pool: { acquireTimeoutMs: 100 },
      })
      t.equal(await outcome(run(mute.pool, one)), 'server-starting', 'its own bound is kept')
      t.equal(await outcome(mute.ready().then(() => undefined)), 'connect-timeout')
    },
  )

  void t.test(`${name}: a list of hosts, of which the first is dead or silent`, async (t) => {
    const silent = await startFaultServer('is silent')
    t.teardown(() => silent.close())
    for (const first of [`127.0.0.1:${refusedPort}`, `127.0.0.1:${silent.port}`]) {
      const database = openIn(t, family, { url: list(first), connectTimeoutMs: 1500 })
      const rows = await Promise.all([1, 2, 3, 4, 5, 6].map(() => run(database.pool, one)))
      t.equal(rows.length, 6)
      t.match(database.state, { status: 'connected', engine: { hostNumber: 2 } })
    }
  })

  void t.test(`${name}: idle connections that are ended by the server end nothing else`, async (t) => {
    const database = openIn(t, family, { pool: { min: 1, max: 5 } })
    const { pool } = database
    await Promise.all([1, 2, 3, 4, 5].map(() => run(pool, family.sleep(0.1))))
    const idle = await family.hold(pool)
    await family.killOthers(pool)
    t.not(await outcome(idle.run(one)), 'served', 'one that was held fails with its own error')
    idle.release()
    t.strictSame(
      await Promise.all([1, 2, 3, 4, 5].map(() => run(pool, one))),
      Array.from({ length: 5 }, () => [{ one: 1 }]),
    )
  })

  void t.test(
    `${name}: a server that goes away: who comes is refused at once, and served when it is back`,
    async (t) => {
      const database = openIn(t, family)
      await run(database.pool, one)
      const held = await family.hold(database.pool)
      await family.stop()
      t.not(await outcome(held.run(one)), 'served')
      held.release()
      await reach(database, 'reconnecting')
      for (let asked = 0; asked < 20; asked++) {
        const asking = awakeNow()
        const error = await run(database.pool, one).catch((failed: unknown) => failed)
        t.match(error, { name: 'DatabaseUnavailableError', state: { status: 'reconnecting' } })
        t.ok(awakeNow() - asking < 50, 'without a wait')
      }
      await database.connect()
      await family.start()
      await reach(database, 'connected')
      t.strictSame(await run(database.pool, one), [{ one: 1 }])
      t.match(await database.check(), { status: 'pass' })
    },
  )

  void t.test(`${name}: a network that swallows everything: every wait ends`, async (t) => {
    const proxy = await startProxy(Number(port))
    t.teardown(() => proxy.close())
    const options = { url: change(url, { port: proxy.port }), pool: { max: 2 }, connectTimeoutMs: 1000 }
    const database = openIn(t, family, options)
    await run(database.pool, one)
    proxy.stall()
    const waits = [1, 2, 3, 4].map(() => outcome(run(database.pool, one)))
    const outcomes = await Promise.all(waits)
    t.notOk(outcomes.includes('served'), outcomes.join())
    t.notOk(outcomes.includes('pool-exhausted'), 'nobody is told that the server works')
    proxy.resume()
    await reach(database, 'connected')
    t.strictSame(await run(database.pool, one), [{ one: 1 }])
  })

  void t.test(`${name}: one connection goes silent: its statement ends, the others go on`, async (t) => {
    const proxy = await startProxy(Number(port))
    t.teardown(() => proxy.close())
    const database = openIn(t, family, { url: change(url, { port: proxy.port }) })
    const held = await family.hold(database.pool)
    await held.run(one)
    proxy.freeze()
    t.not(await outcome(held.run(one)), 'served')
    held.release()
    t.strictSame(await run(database.pool, one), [{ one: 1 }])
  })

  void t.test(`${name}: a full pool: served in turn, or said to be full`, async (t) => {
    const database = openIn(t, family, { pool: { max: 2, acquireTimeoutMs: 1500 } })
    const { pool } = database
    const twenty = await Promise.all(Array.from({ length: 20 }, () => outcome(run(pool, family.sleep(0.02)))))
    t.strictSame([...new Set(twenty)], ['served'])
    const held = [await family.hold(pool), await family.hold(pool)]
    const refused = outcome(run(pool, one))
    await Promise.all([sleep(700).then(() => held[0]!.run(one)), sleep(1200).then(() => held[1]!.run(one))])
    t.equal(await refused, 'pool-exhausted')
    t.equal(await outcome(run(pool, one)), 'pool-exhausted', 'also where whoever holds them asks nothing')
    const served = outcome(run(pool, one))
    held[0]!.release()
    t.equal(await served, 'served')
    held[1]!.release()
    t.match(database.state, { status: 'connected' })
  })

  void t.test(`${name}: the watch takes no connection of the program`, async (t) => {
    const owner = openIn(t, family)
    for (const limit of [1, 2, 5]) {
      const user = `pooled_${limit}`
      for (const sql of family.limitedUser(user, limit)) await run(owner.pool, sql)
      const query = `connection_limit=${limit}`
      const database = openIn(t, family, { url: change(url, { user, password: user, query }) })
      await database.connect()
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => outcome(run(database.pool, family.sleep(0.05)))),
      )
      t.strictSame([...new Set(outcomes)], ['served'], `${limit}: all 20`)
      t.match(await database.check(), { status: 'pass' })
      await database.close()
    }
  })

  void t.test(`${name}: a password that changes while old connections live is read again`, async (t) => {
    const owner = openIn(t, family)
    for (const sql of family.makeUser('changing_pool', 'first')) await run(owner.pool, sql)
    const file = join(t.testdir(), 'url')
    const write = (password: string): void =>
      writeFileSync(file, change(url, { user: 'changing_pool', password }))
    write('first')
    const events: LogEvent[] = []
    const log = (event: LogEvent): void => void events.push(event)
    const database = family.open({ env: { DATABASE_URL_FILE: file }, log })
    t.teardown(() => database.close({ timeoutMs: 500 }))
    const held = await family.hold(database.pool)
    await run(owner.pool, family.setPassword('changing_pool', 'second'))
    t.equal(await outcome(run(database.pool, one)), 'auth-failed', 'a new login')
    while (!database.state.problem) await sleep(20)
    t.match(database.state, { status: 'connected', problem: { code: 'auth-failed' } })
    t.match(database.health(), { status: 'warn' })
    t.match(await database.check(), { status: 'warn' })
    write('second')
    while (database.state.problem) await sleep(20)
    t.strictSame(await run(database.pool, one), [{ one: 1 }])
    t.strictSame(await held.run(one), [{ one: 1 }], 'the old connection is left alone')
    held.release()
    t.match(database.health(), { status: 'pass' })
    t.notMatch(JSON.stringify(events), /"to":"reconnecting"/)
  })

  void t.test(`${name}: a callback of the program that fails disturbs nothing`, async (t) => {
    const warnings: Error[] = []
    const keep = (warning: Error): void => void warnings.push(warning)
    process.on('warning', keep)
    t.teardown(() => process.off('warning', keep))
    const fail = (): never => {
      throw new Error('my mistake')
    }
    const database = family.open({ url, log: fail })
    t.teardown(() => database.close())
    database.onStateChange(fail)
    t.match(await database.connect(), { status: 'connected' })
    t.strictSame(await run(database.pool, one), [{ one: 1 }])
    await new Promise((resolve) => setImmediate(resolve))
    t.match(warnings[0], { code: 'FAILSOFT_LISTENER', message: /my mistake/ })
    for (const credentials of [
      fail,
      async () => fail(),
      async () => undefined,
      () => new Promise(() => {}),
    ]) {
      const refused = family.open({
        url,
        credentials: credentials as unknown as Credentials,
        connectTimeoutMs: 300,
        log: () => {},
      })
      t.match(await outcome(run(refused.pool, one)), /auth-failed|connect-timeout/)
      await refused.close()
    }
  })

  void t.test(`${name}: closing is bounded, whatever is open`, async (t) => {
    const database = openIn(t, family)
    const held = await family.hold(database.pool)
    const hanging = outcome(held.run(family.sleep(60)))
    const closing = awakeNow()
    await database.close({ timeoutMs: 300 })
    t.ok(awakeNow() - closing < 400)
    t.not(await hanging, 'served')
    held.release()
    t.equal(database.state.status, 'closed')
  })

  void t.test(`${name}: a password that changes every second, over a list of hosts`, async (t) => {
    const owner = openIn(t, family)
    let token = 'token-0'
    for (const sql of family.makeUser('rotating_pool', token)) await run(owner.pool, sql)
    const asked: { port: number }[] = []
    const credentials: Credentials = async (to) => {
      asked.push(to)
      return { password: token }
    }
    const dead = refusedPort
    const database = openIn(t, family, {
      url: list(`127.0.0.1:${dead}`, 'rotating_pool').replace(/:[^:@/]*@/, '@'),
      credentials,
      pool: { max: 4 },
    })
    for (let turn = 1; turn <= 3; turn++) {
      const all = await Promise.all([1, 2, 3, 4].map(() => family.hold(database.pool)))
      for (const held of all) t.strictSame(await held.run(one), [{ one: 1 }], `turn ${turn}`)
      for (const held of all) held.release()
      token = `token-${turn}`
      await run(owner.pool, family.setPassword('rotating_pool', token))
      await family.killOthers(owner.pool)
      await sleep(1000)
    }
    t.ok(asked.length >= 12, 'asked for each new connection')
    t.match(asked, [{ host: '127.0.0.1', port: dead, user: 'rotating_pool' }], 'for the host that is dialed')
    token = 'canary-token'
    await family.killOthers(owner.pool)
    const askedOf = (to: number): number => asked.filter((each) => each.port === to).length
    const before = askedOf(Number(port))
    for (let tries = 0; tries < 5; tries++) t.not(await outcome(run(database.pool, one)), 'served')
    t.ok(askedOf(Number(port)) <= before + 2, 'a login that was refused is not asked for again at once')
    t.notMatch(JSON.stringify(database.events), /canary-token|token-\d/)
  })

  void t.test(
    `${name}: an old login that is refused says nothing of a newer one that was taken`,
    async (t) => {
      const { password } = new URL(url)
      const asked: ((login: { password: string }) => void)[] = []
      const database = openIn(t, family, {
        credentials: async () =>
          new Promise((resolve) => {
            asked.push(resolve)
            if (asked.length !== 2) resolve({ password })
          }),
      })
      const { pool } = database
      const held = [await family.hold(pool)]
      const old = outcome(run(pool, one))
      while (asked.length < 2) await sleep(5)
      held.push(await family.hold(pool))
      asked[1]!({ password: 'outdated' })
      t.equal(await old, 'auth-failed')
      t.strictSame(await run(pool, one), [{ one: 1 }], 'a new connection is made')
      for (const each of held) each.release()
    },
  )
}
