import { execFileSync } from 'node:child_process'
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readRecord } from '#lib/replica/local-record.js'
import t from 'tap'
import { runCommand } from '../cli/run-command.js'
import { CopiedDatabase, countRows, reopen, untilShipped, write } from './copied-database.ts'

void t.test(
  'a salvaged file that was written to for long while the replica was away, and killed',
  async (t) => {
    const place = new CopiedDatabase()
    for (let life = 0; life < 3; life++) {
      await using database = place.open()
      await database.connect()
      await write(database, 2)
    }
    const segments = place.keys().filter((key) => key.includes('/segments/'))
    rmSync(join(place.replica, segments.at(-3)!))
    place.wipe()
    await runCommand(['restore', '--to', place.filename], { env: place.env, cwd: place.folder })
    renameSync(place.replica, `${place.replica}-away`)
    writeFileSync(place.replica, '')
    const database = await reopen(place)
    await write(database, 1)
    const rows = await countRows(database)
    await database.knex.raw('create table bodies (body blob)')
    for (let count = 0; count < 18; count++)
      await database.knex.raw('insert into bodies values (randomblob(1000000))')
    // Until the log was moved into the file, and that was noted.
    const isMoved = async (): Promise<boolean> => (await readRecord(place.filename))?.isCurrent === true
    while (statSync(place.filename).size < 10_000_000 || !(await isMoved())) await sleep(20)
    // As the disk is where the program was killed.
    const killed = place.elsewhere()
    execFileSync('cp', ['-a', '--no-target-directory', place.local, killed.local])
    await database.close()
    rmSync(place.replica)
    renameSync(`${place.replica}-away`, place.replica)
    await using again = await reopen(killed)
    t.match(again.state, { readOnly: false })
    await untilShipped(again)
    t.equal(await countRows(again), rows)
  },
)
