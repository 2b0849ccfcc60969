import { Socket } from 'node:net'
import t from 'tap'
import { Connections } from '#lib/engine/server/connections.js'
import { mysqlDialect } from '#lib/engine/mysql/dialect.js'

t.test('a host that does not answer takes its own connections along, and no others', async (t) => {
  const connections = new Connections(() => false)
  const [away, there] = ['away', 'there'].map((host) => ({ host, port: 1, address: host }))
  const sockets = [new Socket(), new Socket()] as const
  const [first, second] = [{}, {}]
  connections.add(
    first,
    sockets[0].on('error', () => {}),
    away as never,
  )
  connections.add(second, sockets[1], there as never)
  connections.dropHost(away as never, new Error('It is away.'))
  t.same(
    sockets.map(({ destroyed }) => destroyed),
    [true, false],
  )
  t.equal(connections.conditionOf(first), 'gone')
  t.equal(connections.conditionOf(second), 'fresh')
})

t.test('a MySQL server that knows nothing of Galera is ready', async (t) => {
  t.equal(mysqlDialect.readiness?.isReady([[]]), true)
})
