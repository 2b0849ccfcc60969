import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runCommand } from '../cli/run-command.js'
import { CopiedDatabase, countRows, untilShipped, write } from './copied-database.ts'

/** Five lives, each with a segment of two rows. */
async function makeHistory(): Promise<CopiedDatabase> {
  const place = new CopiedDatabase()
  for (let life = 0; life < 5; life++) {
    await using database = place.open()
    await database.connect()
    await database.transaction(async (trx) => {
      await trx('rows').insert({})
      await trx('rows').insert({})
    })
  }
  return place
}

const original = await makeHistory()
const segmentsOf = (place: CopiedDatabase): string[] =>
  place.keys().filter((key) => key.includes('/segments/'))
const basesOf = (place: CopiedDatabase): string[] => place.keys().filter((key) => key.includes('/base/'))

function flip(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes[at]! ^= 1
  writeFileSync(path, bytes)
}

/** What happened to a replica, and what can be had of it. */
export interface Damage {
  readonly name: string
  readonly damage: (segments: readonly string[], place: CopiedDatabase) => void
  /** How many of ten rows come back; absent: no file can be written. */
  readonly salvaged?: number
}

/** One of which something comes back, and one of which nothing does. */
export const damages: readonly Damage[] = [
  { name: 'a segment is missing', damage: (segments) => rmSync(segments.at(-3)!), salvaged: 4 },
  { name: 'the base is missing', damage: (_, place) => rmSync(join(place.replica, basesOf(place)[0]!)) },
]

/** The same in other ways. */
export const moreDamages: readonly Damage[] = [
  {
    name: 'a byte of the last segment is another one',
    damage: (segments) => flip(segments.at(-1)!, 2000),
    salvaged: 8,
  },
  {
    name: 'a byte of a segment is another one',
    damage: (segments) => flip(segments.at(-3)!, 2000),
    salvaged: 4,
  },
  { name: 'two segments changed their names', damage: swap, salvaged: 4 },
  { name: 'a segment is there in place of the next one too', damage: double, salvaged: 6 },
  {
    name: 'all generations are gone',
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

/** Each is refused, and `restore` brings back what it can. */
export function salvages(damages: readonly Damage[]): void {
  for (const { name, damage, salvaged } of damages) {
    void t.test(name, async (t) => {
      const place = original.copy()
      const segments = segmentsOf(place).map((key) => join(place.replica, key))
      damage(segments, place)
      place.wipe()
      const before = place.contents()
      const database = place.open()
      t.match(await database.connect(), { status: 'unavailable', problem: { code: 'replica-damaged' } })
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
}
