import { accepted } from './accepted.js'
import type { Place } from './places.js'
import type { Subject, Substituted } from './run-suite.js'

/** What came of a suite. */
export interface Outcomes {
  /** How often a title passed: some stand for several tests. */
  readonly passed: ReadonlyMap<string, number>
  /** What was wrong, by title. */
  readonly failed: ReadonlyMap<string, string>
  readonly summary: string
}

/** Where something was run. */
export interface Run {
  readonly suite: string
  readonly client: Place['client']
  readonly subject: Subject
}

/** A test that passes on a plain knex and not on this one. */
export interface Loss extends Run {
  readonly title: string
  readonly error: string
  /** Why that is meant, where it is. */
  readonly why?: string
}

interface MochaTest {
  readonly fullTitle: string
  readonly err: { readonly message?: string }
}

/** Reads what mocha's reporter `json` writes. */
export function readMocha(text: string, substituted: Substituted): Outcomes {
  const { passes, failures } = JSON.parse(text) as Record<'passes' | 'failures', readonly MochaTest[]>
  return outcomes(
    passes.map(({ fullTitle }) => fullTitle),
    failures.map(({ fullTitle, err }) => [fullTitle, err.message ?? '']),
    substituted,
  )
}

/** Reads the lines of the Test Anything Protocol. */
export function readTap(text: string, substituted: Substituted): Outcomes {
  const [passed, failed]: [string[], [string, string][]] = [[], []]
  let test = ''
  for (const line of text.split('\n')) {
    const [, isNot, title] = /^(not )?ok \d+ ?(.*)/.exec(line) ?? []
    if (line.startsWith('# ')) test = line.slice(2)
    else if (isNot) failed.push([`${test} › ${title}`, title ?? ''])
    else if (title !== undefined) passed.push(`${test} › ${title}`)
  }
  return outcomes(passed, failed, substituted)
}

function outcomes(
  titles: readonly string[],
  failures: readonly (readonly [string, string])[],
  { made, left }: Substituted,
): Outcomes {
  const passed = new Map<string, number>()
  for (const title of titles) passed.set(title, (passed.get(title) ?? 0) + 1)
  const others = Object.entries(left).map(([why, count]) => `, ${count} left alone: ${why}`)
  const knexes = `${made} knexes made${others.join('')}`
  const summary = `${titles.length} passed, ${failures.length} failed; ${knexes}`
  return { passed, failed: new Map(failures), summary }
}

/** What passed before and not after. */
export function lostIn(run: Run, before: Outcomes, after: Outcomes): readonly Loss[] {
  return [...before.passed].flatMap(([title, count]) => {
    if ((after.passed.get(title) ?? 0) >= count) return []
    const why = accepted.find(({ on, titles }) => on.test(run.client) && titles.test(title))?.why
    const error = after.failed.get(title) ?? 'It was not run.'
    return [{ ...run, title, error, ...(why !== undefined && { why }) }]
  })
}
