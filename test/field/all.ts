import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { nameFailures, spawnProgram } from '../spawn-program.ts'

const here = import.meta.dirname

/** What takes longest begins first. */
const longest = ['example-app/search-cost', 'connection/switches', 'pools/credentials', 'connection/silence']
/** What fails only where the project is at fault. The rest needs clusters, poolers and kills, which a machine may do badly. */
const steady = [
  'bench/bench',
  'docs/tsdoc',
  'engine/sqlite/newer-node',
  'example-app/page',
  'example-app/page-list',
  'example-app/page-replica',
  'example-app/page-writing',
  'promote/schemas',
  'replica/damage',
  'replica/log',
  'url/properties',
]

const [only] = process.argv.slice(2)
const suffix = '.test.js'
const found = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith(suffix))
  .map((path) => path.slice(0, -suffix.length))
  .filter((name) => only === undefined || steady.includes(name) === (only === 'steady'))
  .toSorted((one, other) => rank(one) - rank(other))

function rank(name: string): number {
  const place = longest.indexOf(name)
  return place < 0 ? longest.length : place
}

t.setTimeout(3_600_000)
// Most of them wait for most of their time.
t.jobs = 4
for (const name of found) spawnProgram(name, [join(here, name + suffix)])
await nameFailures()
