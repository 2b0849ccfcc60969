import {
  appendFileSync,
  copyFileSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { CopiedDatabase, write } from '../../replica/copied-database.ts'

/** A file of which the base has two parts, and three lives after that, each a generation with a segment. */
async function makeHistory(): Promise<CopiedDatabase> {
  const place = new CopiedDatabase()
  await live(place, async (database) => {
    await database.knex.raw('create table bodies (body blob)')
    await database.knex.raw('insert into bodies values (randomblob(9000000))')
  })
  for (const path of [
    join(place.replica, 'generations'),
    join(place.replica, 'proved'),
    `${place.filename}-replica`,
  ])
    rmSync(path, { recursive: true })
  for (let count = 0; count < 3; count++) await live(place, (database) => write(database, 1))
  place.wipe()
  return place
}

async function live(
  place: CopiedDatabase,
  work: (database: ReturnType<CopiedDatabase['open']>) => Promise<unknown>,
): Promise<void> {
  await using database = place.open()
  await database.connect()
  await work(database)
}

const [original, other] = [await makeHistory(), await makeHistory()]

/** The files of a replica by what they are, sorted. */
class Parts {
  readonly #place: CopiedDatabase

  constructor(place: CopiedDatabase) {
    this.#place = place
  }

  get bases(): string[] {
    return this.#named('/base/')
  }

  get segments(): string[] {
    return this.#named('/segments/')
  }

  get starts(): string[] {
    return this.#named('/start-')
  }

  #named(part: string): string[] {
    return this.#place
      .keys()
      .filter((key) => key.includes(part))
      .map((key) => join(this.#place.replica, key))
  }
}

function flip(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length - 3]! ^= 1
  writeFileSync(path, bytes)
}

function exchange(one: string, another: string): void {
  const bytes = readFileSync(one)
  copyFileSync(another, one)
  writeFileSync(another, bytes)
}

/** Under the name that it would have there, after the last segment. */
function putBehind(from: string, last: string): void {
  const [, position, frames] = /\/(\d{12})-(\d+)-[^/]+$/.exec(last)!
  const next = String(Number(position) + Number(frames)).padStart(12, '0')
  const name = /\/\d{12}(-[^/]+)$/.exec(from)![1]!
  copyFileSync(from, join(dirname(last), next + name))
}

const others = new Parts(other)
const cases: readonly {
  readonly name: string
  readonly damage: (parts: Parts) => void
  readonly says: RegExp
}[] = [
  {
    name: 'a part of the base is missing',
    damage: ({ bases }) => rmSync(bases[1]!),
    says: /its part generations\/.*\/base\/000001-.* is missing/,
  },
  {
    name: 'a part of the base is cut short',
    damage: ({ bases }) => truncateSync(bases[1]!, 4096),
    says: /its part generations\/.*\/base\/000001-.* is not what it was/,
  },
  {
    name: 'a byte of the base is another one',
    damage: ({ bases }) => flip(bases[0]!),
    says: /its part generations\/.*\/base\/000000-.* is not what it was/,
  },
  {
    name: 'the parts of the base changed places',
    damage: ({ bases }) => exchange(bases[0]!, bases[1]!),
    says: /its part generations\/.*\/base\/000000-.* is not what it was/,
  },
  {
    name: 'a part of the base is that of another database',
    damage: ({ bases }) => copyFileSync(others.bases[0]!, bases[0]!),
    says: /its part generations\/.*\/base\/000000-.* is not what it was/,
  },
  {
    name: 'a segment of an earlier generation lies in the last one',
    damage: ({ segments }) =>
      copyFileSync(segments[0]!, join(dirname(segments.at(-1)!), /[^/]+$/.exec(segments[0]!)![0])),
    says: /its generation .* has parts of another history/,
  },
  {
    name: 'a segment of an earlier generation lies behind the last one',
    damage: ({ segments }) => putBehind(segments[0]!, segments.at(-1)!),
    says: /its part generations\/.* is not what it was, or of another history/,
  },
  {
    name: 'a segment of another database lies behind the last one',
    damage: ({ segments }) => putBehind(others.segments.at(-1)!, segments.at(-1)!),
    says: /its part generations\/.* is not what it was, or of another history/,
  },
  {
    name: 'a segment of a later generation is in place of one',
    damage: ({ segments }) => copyFileSync(segments.at(-1)!, segments[0]!),
    says: /its part generations\/.* is not what it was, or of another history/,
  },
  {
    name: 'the last segment is longer than it was',
    damage: ({ segments }) => appendFileSync(segments.at(-1)!, 'more'),
    says: /its part generations\/.* is not what it was, or of another history/,
  },
  {
    name: 'the last generation is gone',
    damage: ({ segments }) => rmSync(dirname(dirname(segments.at(-1)!)), { recursive: true }),
    says: /the beginning of its generation 0{9}\d-0{7}1-\w+ is gone/,
  },
  {
    name: 'a generation before the last is gone',
    damage: ({ segments }) => rmSync(dirname(dirname(segments.at(-2)!)), { recursive: true }),
    says: /the beginning of its generation .* is gone or not what it was/,
  },
  {
    name: 'a byte of the beginning of a generation is another one',
    damage: ({ starts }) => flip(starts.at(-2)!),
    says: /the beginning of its generation .* is gone or not what it was/,
  },
  {
    name: 'the beginning of the last generation is cut short',
    damage: ({ starts }) => truncateSync(starts.at(-1)!, 20),
    says: /the beginning of its generation .* is gone or not what it was/,
  },
  {
    name: 'the segments of a generation lie in another one',
    damage: ({ segments }) =>
      renameSync(segments.at(-2)!, join(dirname(segments.at(-1)!), /[^/]+$/.exec(segments.at(-2)!)![0])),
    says: /its generation .* (?:has parts of another history|is not where the next one begins)/,
  },
]

for (const { name, damage, says } of cases) {
  void t.test(`the disk is lost, and ${name}`, async (t) => {
    const place = original.copy()
    const parts = new Parts(place)
    t.equal(parts.bases.length, 2)
    damage(parts)
    const before = place.contents()
    await using database = place.open()
    t.match(await database.connect(), {
      status: 'unavailable',
      problem: { code: 'replica-damaged', message: says },
    })
    await database.close()
    t.strictSame(place.contents(), before, 'no file is begun, and nothing is overwritten or removed')
  })
}
