import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CopiedDatabase, countRows, untilShipped, write } from './copied-database.ts'
import { bears, begin, cases, insert, useElsewhere } from './foreign.ts'

void t.test('another program that commits and moves the log does not break the copy', async (t) => {
  const place = new CopiedDatabase()
  await using database = place.open()
  await database.connect()
  for (let round = 0; round < 3; round++) {
    await write(database, 2)
    await useElsewhere(place.filename, insert, 'pragma wal_autocheckpoint = 1', insert, begin, insert)
    await write(database, 1)
  }
  const { replica } = await untilShipped(database)
  t.equal(replica?.problem, undefined)
  await database.close()
  place.wipe()
  await using again = place.open()
  await again.connect()
  t.equal(await countRows(again), 18)
})

/** Holds the byte by which SQLite says that somebody moves the log into the file, as long as it runs. */
const mover = `
import fcntl, sys, time
log = open(sys.argv[1], 'r+b')
fcntl.lockf(log, fcntl.LOCK_EX, 1, 121)
print('holds', flush=True)
sys.stdin.read()
`

void t.test(
  'another program moves the log into the file while a base is made: nothing is taken for moved',
  { skip: spawnSync('python3', ['--version']).error !== undefined && 'python3 is not installed' },
  async (t) => {
    const place = new CopiedDatabase()
    // The replica is away: the first base is made once the other program is at it.
    renameSync(place.replica, `${place.replica}.away`)
    writeFileSync(place.replica, '')
    const first = place.open()
    writeFileSync(place.filename, '')
    await useElsewhere(
      place.filename,
      'pragma journal_mode = wal',
      'create table rows (n integer primary key)',
    )
    await first.connect()
    await write(first, 3)
    const other = spawn('python3', ['-c', mover, `${place.filename}-shm`])
    await once(other.stdout, 'data')
    rmSync(place.replica)
    renameSync(`${place.replica}.away`, place.replica)
    await untilShipped(first)
    const copy = place.copy()
    other.stdin.end()
    await first.close()
    rmSync(join(copy.replica, 'lease'), { recursive: true })
    copy.wipe()
    await using again = copy.open()
    t.match(await again.connect(), { status: 'connected' })
    t.equal(await countRows(again), 3)
  },
)

bears(cases)
