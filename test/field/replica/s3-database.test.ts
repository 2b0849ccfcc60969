import t from 'tap'
import { CopiedDatabase, countRows, untilShipped, write } from '../../replica/copied-database.js'
import { startCeph } from '../../servers/ceph.js'

const ceph = await startCeph()

void t.test(
  'a database is copied to Ceph',
  { skip: 'skip' in ceph && ceph.skip, timeout: 300_000 },
  async (t) => {
    if ('skip' in ceph) return
    t.teardown(() => ceph.remove())
    await ceph.createBucket('bucket')
    const place = new CopiedDatabase()
    const env = { ...place.env, ...ceph.env, SQLITE_REPLICA: `s3://bucket/todo?endpoint=${ceph.endpoint}` }

    await t.test('its disk is lost, and it is restored', { timeout: 120_000 }, async (t) => {
      const first = place.open({ env })
      t.match(await first.connect(), { status: 'connected', replica: { durableAfterMs: 0 } })
      await write(first, 200)
      await untilShipped(first)
      await write(first, 5)
      await first.close()
      place.wipe()
      await using second = place.open({ env })
      t.match(await second.connect(), { status: 'connected' })
      t.equal(await countRows(second), 205)
    })

    await t.test('one writer gives way to the next', { timeout: 120_000 }, async (t) => {
      await using first = place.open({ env })
      await first.connect()
      await write(first, 5)
      await using second = place
        .elsewhere()
        .open({ env: { ...env, DATABASE_URL: `sqlite:${place.folder}/other.db` } })
      t.match(await second.connect(), { status: 'connected', readOnly: false })
      t.equal(await countRows(second), 210)
      await t.rejects(write(first, 1), { code: 'replica-in-use' })
    })

    await t.test(
      'its gateway stands still: the database goes on, and catches up',
      { timeout: 180_000 },
      async (t) => {
        place.wipe()
        await using database = place.open({ env })
        await database.connect()
        ceph.signalGateway('SIGSTOP')
        await write(database, 5)
        ceph.signalGateway('SIGCONT')
        await untilShipped(database)
        await database.close()
        place.wipe()
        await using again = place.open({ env })
        await again.connect()
        t.equal(await countRows(again), 215)
      },
    )
  },
)
