import { createEngine } from '#lib/engine/create-engine.js'
import { promote } from '#lib/promote/promote.js'
import { validateUrl } from '#lib/url/validate-url.js'

const [from = '', to = '', mostAtOnce = ''] = process.argv.slice(2)
const engines = [from, to].map((url) => {
  const read = validateUrl(url)
  if (!read.valid) throw new Error(read.problems[0].message)
  const made = createEngine(read.target, { sqliteDriver: 'better-sqlite3' })
  if (!made.ok) throw new Error(made.problem.message)
  return made.engine
})
const [standIn, primary] = engines as [(typeof engines)[0], (typeof engines)[0]]
const started = performance.now()
let most = 0
const report = await promote({
  standIn: standIn.knex,
  primary: primary.knex,
  dialect: primary.info.dialect,
  target: 'The database',
  ...(mostAtOnce !== '' && { mostAtOnce: Number(mostAtOnce) }),
  onProgress: () => (most = Math.max(most, process.memoryUsage.rss())),
})
process.stdout.write(
  JSON.stringify({ ...report, ms: performance.now() - started, rss: Math.round(most / 1e6) }),
)
await Promise.all(engines.map((engine) => engine.close()))
