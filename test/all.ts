import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { beginCounting, countedIn, reportCounted } from './coverage.ts'
import { nameFailures, spawnProgram } from './spawn-program.ts'

const here = import.meta.dirname
const programOfMany = join(here, 'run-together.js')

/** Folders whose tests run in one process, and which share of them. What takes longest begins first. */
const together: readonly (readonly [folders: string, share?: string])[] = [
  ['example-app'],
  ['engine/server'],
  ['replica', '1/3'],
  ['replica', '2/3'],
  ['replica', '3/3'],
  ['connection', '1/2'],
  ['connection', '2/2'],
  ['pg,mysql2,koa'],
  ['promote'],
  ['engine/sqlite'],
  ['docs'],
  ['cli'],
  ['engine'],
  ['resolve'],
  ['engine/errors'],
  ['url'],
  ['doctor'],
  ['package'],
  ['problem'],
]

function filesAlone(): string[] {
  const folders = together.flatMap(([names]) => names.split(','))
  return readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.js') && !path.startsWith('field/'))
    .filter((path) => !folders.includes(path.replace(/\/?[^/]+$/, '')))
    .toSorted()
}

t.setTimeout(3_600_000)
// Many of them wait for most of their time.
t.jobs = 6
beginCounting()
t.teardown(reportCounted)
for (const [folders, share = '1/1'] of together)
  spawnProgram(share === '1/1' ? folders : `${folders} ${share}`, [programOfMany, folders, share], countedIn)
for (const file of filesAlone()) spawnProgram(file, [join(here, file)], countedIn)
await nameFailures()
