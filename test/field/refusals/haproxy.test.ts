import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import { startHaproxy } from '../../servers/haproxy.js'
import { startMariadb } from '../../servers/mariadb.js'
import { startPostgres } from '../../servers/postgres.js'

t.setTimeout(120_000)
const servers = { postgres: startPostgres, mysql: startMariadb }

for (const [scheme, start] of Object.entries(servers)) {
  t.test(`${scheme}: HAProxy before a server that is away, at boot and at run time`, async (t) => {
    const server = await start()
    if ('skip' in server) return t.comment(`left out: ${server.skip}`)
    t.teardown(() => server.remove())
    const proxy = await startHaproxy(server.port)
    if ('skip' in proxy) return t.comment(`left out: ${proxy.skip}`)
    t.teardown(() => proxy.remove())
    await server.stop()
    const url = server.url.replace(`:${server.port}`, `:${proxy.port}`)
    await using database = openDatabase({ url, strategy: 'never', env: {}, bootDeadlineMs: 2000 })
    const until = async (status: string): Promise<void> => {
      while (database.state.status !== status) await sleep(50)
    }
    t.match(await database.connect(), {
      status: 'unavailable',
      problem: { code: 'not-a-database-server', hint: /a proxy closes the connection/ },
      nextAttemptAt: Number,
    })
    await server.start()
    await until('connected')
    await server.stop()
    await until('reconnecting')
    t.not(database.state.problem?.code, 'query-failed')
    await server.start()
    await until('connected')
    await t.resolves(database.knex.raw('select 1'))
  })
}
