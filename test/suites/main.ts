import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copySuites } from './checkout.js'
import { lostIn, type Loss } from './outcomes.js'
import { openPlaces } from './places.js'
import { runSuite, subjects } from './run-suite.js'

// knex's and Objection's own suites, once on a plain knex and once on each knex of this library. What passes on the plain one must pass on all.
const checkouts = process.argv.slice(2)
const suites = await copySuites(checkouts)
const opened = await openPlaces()
const results = mkdtempSync(join(tmpdir(), 'failsoft-suites-'))
const losses: Loss[] = []

async function compare(lane: (typeof opened.lanes)[number]): Promise<void> {
  for (const place of lane) {
    for (const suite of suites.all) {
      const [plain, ...others] = subjects
      const before = await runSuite(suite, place, plain, results)
      console.log(`${suite.name} on ${place.client}, ${plain}: ${before.summary}`)
      for (const subject of others) {
        const after = await runSuite(suite, place, subject, results)
        console.log(`${suite.name} on ${place.client}, ${subject}: ${after.summary}`)
        losses.push(...lostIn({ suite: suite.name, client: place.client, subject }, before, after))
      }
    }
  }
}

try {
  await Promise.all(opened.lanes.map(compare))
} finally {
  await opened.remove()
  suites.remove()
  rmSync(results, { recursive: true, force: true })
}

for (const { suite, client, subject, title, error, why } of losses)
  console.log(`${why ? 'LISTED' : 'LOST'} ${suite} on ${client}, ${subject}: ${title}\n  ${why ?? error}`)
const unlisted = losses.filter(({ why }) => !why)
console.log(`${unlisted.length} lost, ${losses.length - unlisted.length} listed in docs/migrate-from-knex.md`)
process.exitCode = unlisted.length > 0 ? 1 : 0
