import type { Socket } from 'node:net'
import { openDatabase } from 'failsoft/knex'
import t from 'tap'
import { refuse, serve, startFakePostgres, type FakePostgresOptions } from '../servers/fake-postgres.js'

t.test('a host that refuses a parameter of the URL since its restart is left for the next one', async (t) => {
  const sockets: Socket[] = []
  let login: FakePostgresOptions['login'] = serve()
  const first = await startFakePostgres({
    login: (each) => {
      sockets.push(each.socket)
      login(each)
    },
  })
  const second = await startFakePostgres({ login: serve() })
  t.teardown(async () => Promise.all([first.close(), second.close()]))
  const hosts = [first.port, second.port].map((port) => `127.0.0.1:${port}`).join(',')
  const database = openDatabase({
    url: `postgres://app@${hosts}/shop?sslmode=disable&search_path=shop`,
    strategy: 'never',
  })
  t.teardown(() => database.close({ timeoutMs: 0 }))
  const reasons: (string | undefined)[] = []
  await database.connect()
  t.match(database.state, { status: 'connected', engine: { hostNumber: 1 } })
  database.onStateChange(({ reason }) => reasons.push(reason))
  login = refuse({ code: '08P01', message: 'unsupported startup parameter: search_path' })
  for (const socket of sockets) socket.destroy()
  await database.check()
  t.match(database.state, { status: 'connected', engine: { hostNumber: 2 }, generation: 2 })
  t.same(reasons, ['invalid-parameter', undefined])
})
