import { problemCatalogue } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'

/** A problem of a connection with what was repaired in its settings: what was guessed there is the first thing to look at. */
export function withRepairs(found: Problem, warnings: readonly Problem[]): Problem {
  const repairs = warnings.filter(({ code }) => {
    const { lenient, strict } = problemCatalogue[code].severity
    return lenient === 'warning' && strict === 'problem'
  })
  const unsaid = repairs.filter(({ message }) => !found.hint.includes(message))
  if (unsaid.length === 0) return found
  const said = unsaid.map(({ message }) => message).join(' ')
  return { ...found, hint: `${found.hint} The settings were repaired, so look there too: ${said}` }
}
