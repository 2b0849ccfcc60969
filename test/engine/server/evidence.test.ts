import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'
import t, { type Test } from 'tap'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'
import { startProxy, type Proxy } from '../../servers/proxy.js'
import { change, firstRow, openEngine } from './open-engine.js'

const [postgres, mariadb] = await Promise.all([startPostgres(), startMariadb()])
t.teardown(() => postgres.remove())
if ('remove' in mariadb) t.teardown(() => mariadb.remove())

interface Subject {
  readonly name: string
  readonly url: string
  readonly sleep: (seconds: number) => string
  /** Makes a user of this name and password, which may have so many connections. */
  readonly limitedUser: (name: string, limit: number) => readonly string[]
}

const subjects: Subject[] = [
  {
    name: 'PostgreSQL',
    url: postgres.url,
    sleep: (seconds) => `select pg_sleep(${seconds})`,
    limitedUser: (name, limit) => [`create role ${name} login password '${name}' connection limit ${limit}`],
  },
]
if ('url' in mariadb)
  subjects.push({
    name: 'MariaDB',
    url: mariadb.url,
    sleep: (seconds) => `select sleep(${seconds})`,
    limitedUser: (name, limit) => [
      `create user ${name} identified by '${name}' with max_user_connections ${limit}`,
      `grant all on *.* to ${name}`,
    ],
  })

async function behindProxy(t: Test, url: string): Promise<{ proxy: Proxy; url: string }> {
  const proxy = await startProxy(Number(new URL(url).port))
  t.teardown(() => proxy.close())
  return { proxy, url: change(url, { host: '127.0.0.1', port: proxy.port }) }
}

const outcome = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => 'served',
    (error: unknown) => (error as { code?: unknown }).code,
  )

for (const subject of subjects) {
  const { name, url } = subject

  void t.test(`${name}: the watch takes no connection of the program`, async (t) => {
    const owner = openEngine(t, url)
    for (const limit of [1, 2, 5]) {
      const user = `limited_${limit}`
      for (const sql of subject.limitedUser(user, limit)) await owner.knex.raw(sql)
      const database = openDatabase({
        url: change(url, { user, password: user, query: `connection_limit=${limit}` }),
        strategy: 'never',
      })
      t.teardown(() => database.close())
      const knex = await database.ready()
      const served = await Promise.all(
        Array.from({ length: 20 }, () => outcome(knex.raw(subject.sleep(0.05)))),
      )
      t.same(
        served,
        Array.from({ length: 20 }, () => 'served'),
        `${limit}: all 20`,
      )
      t.match(await database.check(), { status: 'pass' })
      t.equal(database.state.status, 'connected')
      await database.close()
    }
  })

  void t.test(`${name}: one statement without an answer is given up, and nobody else`, async (t) => {
    const { proxy, url: proxied } = await behindProxy(t, url)
    const database = openDatabase({ url: proxied, strategy: 'never' })
    t.teardown(() => database.close())
    const knex = await database.ready()
    const lost = outcome(knex.raw(subject.sleep(1)))
    await sleep(200)
    proxy.freeze()
    const trx = await knex.transaction()
    t.equal(await lost, 'connection-lost')
    t.equal(database.state.status, 'connected')
    t.same(await firstRow(trx, 'select 1 as one'), { one: 1 }, 'a transaction beside it lives on')
    await trx.commit()
  })
}
