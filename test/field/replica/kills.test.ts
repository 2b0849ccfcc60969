import t from 'tap'
import { sqliteDrivers } from '../../engine/sqlite/drivers.js'
import { BucketProxy } from '../../servers/bucket-proxy.js'
import { SmallS3 } from '../../servers/small-s3.js'
import { KilledDatabase, kills } from './kills.js'

const drivers = sqliteDrivers.filter(({ skip }) => !skip)

void t.test('one database, killed at one moment after the other', { timeout: 900_000 }, async (t) => {
  const server = new SmallS3()
  server.pageLength = 1000
  await server.start()
  const proxy = await new BucketProxy(server.endpoint).start()
  const database = new KilledDatabase(proxy, 'x')
  t.teardown(async () => {
    database.remove()
    await proxy.stop()
    server.stop()
  })
  for (const [index, kill] of kills.filter(({ isRare }) => !isRare).entries()) {
    const { name } = drivers[index % drivers.length]!
    const { wrong, isMet, windowMs, lost } = await database.kill(kill, name)
    t.strictSame(wrong, [], `${kill.name} (${name}): lost ${lost} rows, of the last ${windowMs} ms`)
    t.ok(isMet, `${kill.name}: the moment was met`)
  }
})
