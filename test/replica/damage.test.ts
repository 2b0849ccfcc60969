import { cpSync, existsSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../cli/run-command.js'
import { CopiedDatabase, countRows, untilShipped, write } from './copied-database.ts'

/** Five segments, with two rows each, after a base that has none. */
async function makeHistory(): Promise<CopiedDatabase> {
  const place = new CopiedDatabase()
  const database = place.open()
  await database.connect()
  await untilShipped(database)
  for (let segment = 0; segment < 5; segment++) {
    await write(database, 2)
    await untilShipped(database)
  }
  await database.close()
  return place
}

const original = await makeHistory()
const foreign = await makeHistory()
const segmentsOf = (place: CopiedDatabase): string[] =>
  place.keys().filter((key) => key.includes('/segments/'))
const basesOf = (place: CopiedDatabase): string[] => place.keys().filter((key) => key.includes('/base/'))

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 1
  writeFileSync(path, bytes)
}

interface Damage {
  readonly name: string
  readonly damage: (segments: readonly string[], place: CopiedDatabase) => void
  /** What is lost of ten rows where the database goes on, warned. */
  readonly goesOnWith?: number
  /** What `failsoft restore` brings back of them, where it goes on only after that; absent: nothing can be restored. */
  readonly salvaged?: number
}

const damages: readonly Damage[] = [
  {
    name: 'the last segment was cut short',
    damage: (segments) => truncateSync(segments.at(-1)!, 100),
    goesOnWith: 8,
  },
  {
    name: 'the last segment is empty',
    damage: (segments) => truncateSync(segments.at(-1)!, 0),
    goesOnWith: 8,
  },
  {
    name: 'a byte of the last segment is another one',
    damage: (segments) => flip(segments.at(-1)!, 2000),
    salvaged: 8,
  },
  { name: 'a segment is missing', damage: (segments) => rmSync(segments.at(-3)!), salvaged: 4 },
  { name: 'a segment was cut short', damage: (segments) => truncateSync(segments.at(-3)!, 100), salvaged: 4 },
  {
    name: 'a byte of a segment is another one',
    damage: (segments) => flip(segments.at(-3)!, 2000),
    salvaged: 4,
  },
  { name: 'two segments changed their names', damage: swap, salvaged: 4 },
  { name: 'a segment is there twice', damage: double, salvaged: 6 },
  {
    name: 'a segment is of another database',
    damage: (segments) => cpSync(join(foreign.replica, segmentsOf(foreign).at(-3)!), segments.at(-3)!),
    salvaged: 4,
  },
  {
    name: 'the base was cut short',
    damage: (_, place) => truncateSync(join(place.replica, basesOf(place)[0]!), 4000),
  },
  { name: 'the base is missing', damage: (_, place) => rmSync(join(place.replica, basesOf(place)[0]!)) },
  {
    name: 'the generation is gone',
    damage: (_, place) => rmSync(join(place.replica, 'generations'), { recursive: true }),
  },
]

function swap(segments: readonly string[]): void {
  const [one, other] = [segments.at(-3)!, segments.at(-2)!]
  renameSync(one, `${one}.tmp`)
  renameSync(other, one)
  renameSync(`${one}.tmp`, other)
}

/** Under the name of a later one, whose place it takes. */
function double(segments: readonly string[]): void {
  cpSync(segments.at(-3)!, segments.at(-2)!)
}

void t.test('what was written is there', async (t) => {
  t.equal(segmentsOf(original).length >= 5, true)
  const place = original.copy()
  place.wipe()
  await using database = place.open()
  t.match(await database.connect(), { status: 'connected', readOnly: false, replica: { target: /^file:/ } })
  t.equal(await countRows(database), 10)
  t.notOk(database.config.warnings.some(({ code }) => code.startsWith('replica-')))
})

for (const { name, damage, goesOnWith, salvaged } of damages) {
  void t.test(name, async (t) => {
    const place = original.copy()
    const segments = segmentsOf(place).map((key) => join(place.replica, key))
    damage(segments, place)
    place.wipe()
    const before = place.contents()
    await using database = place.open()
    const state = await database.connect()
    if (goesOnWith !== undefined) {
      t.equal(state.status, 'connected')
      t.equal(await countRows(database), goesOnWith)
      t.ok(
        database.config.warnings.some(({ code }) => code === 'replica-damaged'),
        'it is said',
      )
      return
    }
    t.match(state, { status: 'unavailable', problem: { code: 'replica-damaged' } })
    t.strictSame(place.contents(), before, 'no file is begun, and nothing is overwritten')
    await database.close()
    const restored = await runCommand(['restore', '--to', place.filename], {
      env: place.env,
      cwd: place.folder,
    })
    t.equal(restored.code, salvaged === undefined ? 2 : 1, restored.out)
    t.match(restored.out, /replica-damaged/)
    t.equal(existsSync(place.filename), salvaged !== undefined)
    if (salvaged === undefined) return
    t.strictSame(
      Object.keys(place.contents()).filter((key) => key !== 'file'),
      Object.keys(before),
      'the replica was only read',
    )
    await using again = place.open()
    t.match(await again.connect(), { status: 'connected' }, 'a person has looked at it')
    t.equal(await countRows(again), salvaged)
    await write(again, 1)
    await untilShipped(again)
    await again.close()
    place.wipe()
    await using third = place.open()
    await third.connect()
    t.equal(await countRows(third), salvaged + 1, 'the replica goes on from there')
  })
}
