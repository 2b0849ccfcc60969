import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { locateDriver } from '#lib/engine/load-driver.js'
import { FileReplica } from '#lib/replica/file-replica.js'
import { Holder } from '#lib/replica/holder.js'
import t from 'tap'
import { sqliteDrivers } from '../engine/sqlite/drivers.js'
import { refuse, SmallS3 } from '../servers/small-s3.ts'
import {
  CopiedDatabase,
  countRows,
  reopen,
  restoredRows,
  until,
  untilShipped,
  write,
} from './copied-database.ts'
import { insert, useElsewhere } from './foreign.ts'

/** By what is written then. */
const moments = { before: /\/start-/, after: /\/proved$/ }

for (const [name, written] of Object.entries(moments)) {
  void t.test(
    `the replica goes away just ${name} the first generation counts, and the program ends`,
    async (t) => {
      const server = new SmallS3()
      await server.start()
      t.teardown(() => server.stop())
      const env = {
        SQLITE_REPLICA: `s3://bucket/todo?endpoint=${server.endpoint}`,
        AWS_ACCESS_KEY_ID: 'key',
        AWS_SECRET_ACCESS_KEY: 'secret',
      }
      const isGoing = (): boolean =>
        server.requests.some(({ method, url }) => method === 'PUT' && written.test(url ?? ''))
      server.fault = (_, response) => {
        const isAway = isGoing()
        if (isAway) refuse(response, 503, 'SlowDown')
        return isAway
      }
      const place = new CopiedDatabase()
      const more = { env: { ...place.env, ...env } }
      const first = await reopen(place, more)
      await write(first, 3)
      while (!isGoing()) await sleep(20)
      await first.close({ timeoutMs: 2000 })
      server.fault = () => false
      const again = place.open(more)
      t.match(await again.connect(), { readOnly: false })
      await untilShipped(again)
      t.equal(await countRows(again), 3)
      await again.close()
    },
  )
}

void t.test('a file that is gone in the moment after it was restored', async (t) => {
  const place = new CopiedDatabase()
  const first = await reopen(place)
  await write(first, 3)
  await first.close()
  const { name } = sqliteDrivers.find(({ skip }) => skip === false)!
  const { SQLITE_REPLICA: url = '' } = place.env
  const keeper = new FileReplica({ url, intervalMs: 50, durableAfterMs: 0, env: {} })
  t.equal(await keeper.restore(place.filename, name), undefined)
  rmSync(place.filename)
  t.match(await keeper.attach(), { code: 'sqlite-cannot-open' })
  await keeper.close(5000)
  t.equal(await restoredRows(place), 3, 'no empty file takes the place of the copy')
})

void t.test('neither the file nor what is in its replica is there, but what was noted of both', async (t) => {
  const place = new CopiedDatabase()
  const first = await reopen(place)
  await write(first, 3)
  await first.close()
  rmSync(place.filename)
  renameSync(place.replica, `${place.replica}-away`)
  mkdirSync(place.replica)
  const again = place.open()
  t.match(await again.connect(), {
    status: 'unavailable',
    problem: { code: 'replica-unreachable', message: /although it held a copy of this file/ },
  })
  t.notOk(existsSync(place.filename), 'no empty file is begun')
  rmSync(place.replica, { recursive: true })
  renameSync(`${place.replica}-away`, place.replica)
  await until(again, ({ status }) => status === 'connected')
  t.equal(await countRows(again), 3)
  await again.close()
})

void t.test(
  'another program writes to a file between the look at it and the beginning of its copy',
  async (t) => {
    const place = new CopiedDatabase()
    const first = await reopen(place)
    await write(first, 3)
    await first.close()
    const { filename } = place
    const name = sqliteDrivers.find(({ skip }) => skip === false)!.name
    const { SQLITE_REPLICA: url = '', ...env } = place.env
    const driver = { name, path: locateDriver(name)! }
    const holder = new Holder({ url, intervalMs: 50, filename, driver, env }, () => {})
    t.strictSame(await holder.open(), { warnings: [] })
    await useElsewhere(filename, insert)
    const descriptor = openSync(filename, 'r')
    t.strictSame(await holder.attach(descriptor), {})
    t.strictSame(await holder.close(20_000), { isShipped: true })
    closeSync(descriptor)
    t.equal(await restoredRows(place), 4)
  },
)
