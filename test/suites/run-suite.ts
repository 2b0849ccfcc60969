import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { plainNode } from '../plain-node.js'
import type { Suite } from './checkout.js'
import { readMocha, readTap, type Outcomes } from './outcomes.js'
import type { Place } from './places.js'

/** Which knex a suite gets. */
export const subjects = ['plain', 'engine', 'handle'] as const

/** Which knex a suite gets. */
export type Subject = (typeof subjects)[number]

/** What {@link ./substitute.ts} is told. */
export interface Substitution {
  readonly subject: Subject
  readonly knexEntry: string
  readonly client: Place['client']
  readonly server?: Place['server']
  /** Where it says how many were substituted. */
  readonly report: string
}

/** How many knexes a suite made: of this library, and those that were left alone, with the reason. */
export interface Substituted {
  readonly made: number
  readonly left: Readonly<Record<string, number>>
}

const substitute = new URL('substitute.js', import.meta.url).href

/** Runs a suite in a process of its own, on an empty database. */
export async function runSuite(
  { knexEntry, directory, command, args }: Suite,
  place: Place,
  subject: Subject,
  results: string,
): Promise<Outcomes> {
  await place.clean()
  const own = mkdtempSync(join(results, `${subject}-`))
  const [report, tests, said, servers] = ['knexes.json', 'tests', 'said.txt', 'servers.json'].map((name) =>
    join(own, name),
  ) as [string, string, string, string]
  const { client, server } = place
  const substitution: Substitution = { subject, knexEntry, client, report, ...(server && { server }) }
  writeFileSync(
    servers,
    JSON.stringify(
      server ? { [place.names.knex.replace('mysql2', 'mysql')]: { ...server, database: 'knex_test' } } : {},
    ),
  )
  const run =
    command === 'mocha' ? ['node_modules/mocha/bin/mocha.js', '--reporter-option', `output=${tests}`] : []
  const [node, nodeArgs] = plainNode('--import', substitute, ...run, ...args)
  const child = spawn(node, nodeArgs, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TMPDIR: own,
      DB: place.names.knex,
      DATABASES: place.names.objection,
      KNEX_TEST: servers,
      KNEX_TEST_TIMEOUT: '60000',
      FAILSOFT_SUBSTITUTION: JSON.stringify(substitution),
    },
  })
  child.stdout.pipe(createWriteStream(command === 'tape' ? tests : `${said}.out`))
  child.stderr.pipe(createWriteStream(said))
  await once(child, 'close')
  const substituted = existsSync(report)
    ? (JSON.parse(readFileSync(report, 'utf8')) as Substituted)
    : undefined
  if (!substituted || !existsSync(tests))
    throw new Error(`It did not end well:\n${readFileSync(said, 'utf8')}`)
  const text = readFileSync(tests, 'utf8')
  return command === 'mocha' ? readMocha(text, substituted) : readTap(text, substituted)
}
