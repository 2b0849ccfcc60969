import { setTimeout as sleep } from 'node:timers/promises'
import { createEngine, openDatabase, type Credentials } from 'failsoft/knex'
import t from 'tap'
import type { ManagedEngine } from '#lib/engine/managed-engine.js'
import { mariadbFamily, postgresFamily } from '../../pg/pool-family.ts'
import { rotatingHosts } from '../../pg/rotating-hosts.ts'
import { refusedPort } from '../../servers/refused-port.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { change, firstRow, openEngine, targetOf } from './open-engine.js'

const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

const subjects = [
  {
    name: 'PostgreSQL',
    url: postgres.url,
    make: (to: string) => [`create role rotating login password '${to}'`],
    rotate: (to: string) => `alter role rotating password '${to}'`,
    family: postgresFamily,
  },
  ...('url' in mariadb
    ? [
        {
          name: 'MariaDB',
          url: mariadb.url,
          make: (to: string) => [
            `create user rotating identified by '${to}'`,
            'grant all on *.* to rotating',
          ],
          rotate: (to: string) => `alter user rotating identified by '${to}'`,
          family: mariadbFamily,
        },
      ]
    : []),
]

void t.test('what is no login is one that the program did not give', async (t) => {
  for (const { name, url } of subjects)
    for (const login of [{}, null, 'token', { password: 5 }, { user: 5, password: 'token' }]) {
      const credentials = (async () => login) as Credentials
      const engine = openEngine(t, url, { credentials })
      const want = { code: 'auth-failed', cause: { message: /must give \{ password \}/ } }
      t.match(await engine.probe(), { ok: false, problem: want }, `${name}: ${JSON.stringify(login)}`)
    }
})

void t.test('a token that is not there any more keeps nobody waiting', async (t) => {
  for (const { name, url } of subjects) {
    let password = decodeURIComponent(new URL(url).password)
    const engine = openEngine(t, url, { credentials: async () => ({ password }) }) as ManagedEngine
    await engine.knex.raw('select 1')
    password = undefined as never
    engine.dropConnections()
    await t.rejects(engine.knex.raw('select 1'), { code: 'auth-failed' }, name)
  }
})

for (const { name, url, make, rotate, family } of subjects) {
  void t.test(`${name}: a password that changes every second, over a list of hosts`, async (t) => {
    const owner = openEngine(t, url)
    let token = 'token-0'
    for (const sql of make(token)) await owner.knex.raw(sql)
    const asked: { host: string; port: number; user?: string }[] = []
    const credentials: Credentials = async (to) => {
      asked.push(to)
      return { password: token }
    }
    const dead = refusedPort
    const { port, protocol, pathname } = new URL(url)
    const list = `${protocol}//rotating@127.0.0.1:${dead},127.0.0.1:${port}${pathname}`
    const made = createEngine(targetOf(list), { credentials, pool: { max: 4 } })
    if (!made.ok) throw new Error(made.problem.message)
    const { engine } = made
    t.teardown(() => engine.close())
    for (let turn = 1; turn <= 3; turn++) {
      const all = await Promise.all([1, 2, 3, 4].map(() => engine.knex.transaction()))
      for (const trx of all) t.same(await firstRow(trx, 'select 1 as one'), { one: 1 }, `turn ${turn}`)
      await Promise.all(all.map((trx) => trx.commit()))
      token = `token-${turn}`
      await owner.knex.raw(rotate(token))
      ;(engine as unknown as { dropConnections(): void }).dropConnections()
      await sleep(1000)
    }
    t.ok(asked.length >= 12, 'asked for each new connection')
    t.match(asked, [{ host: '127.0.0.1', port: dead, user: 'rotating' }], 'for the host that is dialed')
    t.ok(asked.some((to) => to.port === Number(port)))
  })

  void t.test(`${name}: two hosts that live, each with a password of its own`, async (t) => {
    const [first, second] = [await family(t), await family(t)]
    if ('skip' in first || 'skip' in second) return t.plan(0, 'mariadbd is not installed')
    const hosts = await rotatingHosts(t, [first, second], 'rotating_two')
    const engine = openEngine(t, hosts.url('load_balance_hosts=random'), {
      credentials: hosts.credentials,
      pool: { max: 8 },
    })
    const askOverAll = async (): Promise<unknown[]> => {
      const all = await Promise.all(Array.from({ length: 8 }, () => engine.knex.transaction()))
      const rows = await Promise.all(all.map((trx) => firstRow(trx, 'select 1 as one')))
      await Promise.all(all.map((trx) => trx.rollback()))
      return rows
    }
    const eight = Array.from({ length: 8 }, () => ({ one: 1 }))
    for (let turn = 1; turn <= 3; turn++) {
      t.same(await askOverAll(), eight, `turn ${turn}`)
      await hosts.rotate()
      await sleep(1000)
    }
    t.equal(new Set(hosts.asked).size, 2, 'both are in use')
    await first.stop()
    await sleep(200)
    const before = hosts.asked.length
    t.same(await askOverAll(), eight, 'the one that is left')
    t.ok(hosts.asked.length > before)
  })

  void t.test(`${name}: a login that cannot be had, and one that is refused`, async (t) => {
    const none = createEngine(targetOf(url), {
      credentials: async () => {
        throw new Error('no identity here')
      },
    })
    if (!none.ok) throw new Error(none.problem.message)
    t.teardown(() => none.engine.close())
    t.match(await none.engine.probe(), {
      ok: false,
      problem: { code: 'auth-failed', cause: { message: /no identity here/ } },
    })

    let asked = 0
    const wrong = createEngine(targetOf(url), {
      credentials: async () => {
        asked++
        return { password: 'canary-token' }
      },
    })
    if (!wrong.ok) throw new Error(wrong.problem.message)
    t.teardown(() => wrong.engine.close())
    const answers = [await wrong.engine.probe(), await wrong.engine.probe(), await wrong.engine.probe()]
    t.match(
      answers,
      answers.map(() => ({ ok: false, problem: { code: 'auth-failed' } })),
    )
    t.notMatch(JSON.stringify(answers), /canary-token/)
    t.ok(asked === 1, `a refused login is asked for at a distance: ${asked}`)

    const silent = createEngine(targetOf(url), {
      connectTimeoutMs: 200,
      credentials: () => new Promise(() => {}),
    })
    if (!silent.ok) throw new Error(silent.problem.message)
    t.teardown(() => silent.engine.close())
    t.match(await silent.engine.probe(), { ok: false, problem: { code: 'connect-timeout' } }, 'bounded')
  })
}

for (const { name, url } of subjects) {
  const { password } = new URL(url)

  void t.test(
    `${name}: a refused login is asked for again after 15 s, whoever tries meanwhile`,
    async (t) => {
      let asked = 0
      const engine = openEngine(t, url, {
        async credentials() {
          asked++
          return { password: asked === 1 ? 'canary-token' : password }
        },
      })
      const now = performance.now.bind(performance)
      t.teardown(() => (performance.now = now))
      for (const { afterMs, ok, times } of [
        { afterMs: 0, ok: false, times: 1 },
        { afterMs: 10_000, ok: false, times: 1 },
        { afterMs: 20_000, ok: true, times: 2 },
      ]) {
        performance.now = () => now() + afterMs
        t.match(await engine.probe(), { ok })
        t.equal(asked, times, `after ${afterMs} ms`)
      }
    },
  )
}

void t.test('a database takes them too', async (t) => {
  const { password } = new URL(postgres.url)
  const database = openDatabase({
    url: change(postgres.url, { password: '' }),
    strategy: 'never',
    credentials: async () => ({ password }),
  })
  t.teardown(() => database.close())
  t.match(await database.connect(), { status: 'connected' })
})
