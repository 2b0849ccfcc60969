import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { DirectoryTarget } from '#lib/replica/directory-target.js'
import { readHistory } from '#lib/replica/history.js'
import { keys } from '#lib/replica/keys.js'
import { firstHash, makeSegment } from '#lib/replica/segment.js'
import { writeStart } from '#lib/replica/start.js'
import t from 'tap'
import { CopiedDatabase, reopen, restoredRows, write } from './copied-database.ts'

const pageSize = 4096

/** What a program leaves that is started, writes something, and is killed. */
async function live(target: DirectoryTarget, life: number, commitPages: number): Promise<void> {
  const history = await readHistory(target)
  const parent = history!.end.point
  const generation = keys.generation(1, 1 + life)
  const end = { salts: [life, life], frame: 1, checksum: [life, life] } as const
  const piece = { frames: 1, pageSize, commitPages, pages: new Map<number, Buffer>(), end }
  const { key, content } = makeSegment(generation, parent.position, firstHash(generation), piece)
  const start = writeStart({ format: 1, parent })
  await target.write(keys.start(generation, start.hash), start.content)
  await target.write(key, content)
}

void t.test(
  'a start reads the lives before it one after the other: after many, a base is made',
  async (t) => {
    const place = new CopiedDatabase()
    const first = await reopen(place)
    await write(first, 3)
    await first.close()
    const target = new DirectoryTarget(place.replica)
    for (let life = 1; life < 60; life++) await live(target, life, statSync(place.filename).size / pageSize)
    place.wipe()
    const again = await reopen(place)
    while ((await target.list(keys.folder)).filter((key) => key.includes('/start-')).length > 1)
      await sleep(50)
    await again.close()
    t.equal(await restoredRows(place), 3)
  },
)
