import { problem, type Problem } from '../problem/problem.ts'
import { completeTarget } from '../resolve/complete-target.ts'
import { isBlank } from '../resolve/environment.ts'
import { findSource, type SearchResult } from '../resolve/find-source.ts'
import { unpooledVariables, urlVariables } from '../resolve/variables.ts'
import { workingDirectory } from '../resolve/working-directory.ts'
import { formatUrl } from '../url/format-url.ts'
import { readUrl } from '../url/read-url.ts'
import type { DatabaseTarget, ServerTarget } from '../url/target.ts'
import type { SettledOptions } from './database.ts'
import type { PrimaryConfig } from './primary-engine.ts'

/** What `prepare` runs over. */
export type PrepareTarget = { readonly warnings: readonly Problem[] } & (
  | {
      /** The engine in use. */
      readonly over: 'engine'
    }
  | {
      /** An address of its own, named by this option or variable. */
      readonly over: 'address'
      readonly name: string
      readonly target: ServerTarget
      /** Whether the program asked for it, and would not have another. */
      readonly isAsked: boolean
    }
  | { readonly over: 'nothing'; readonly problem: Problem }
)

const optionName = 'options.prepareUrl'

/** Finds the address that `prepare` runs over: locks of a migration do not survive a pooler that changes the connection under them. */
export function findPrepareTarget(config: PrimaryConfig, options: SettledOptions): PrepareTarget {
  if (options.prepare === undefined) return { over: 'engine', warnings: [] }
  return isBlank(options.prepareUrl) ? findTwin(config, options) : readOption(config, options.prepareUrl)
}

function readOption({ target: used, source }: PrimaryConfig, url: unknown): PrepareTarget {
  const reading = readUrl(url, { subject: optionName })
  const { warnings } = reading
  if (!reading.valid) return { over: 'nothing', problem: reading.problems[0], warnings }
  const { target } = reading
  if (target.dialect === 'sqlite' || target.dialect !== used.dialect)
    return { over: 'engine', warnings: [...warnings, differs(source.name, optionName)] }
  return { over: 'address', name: optionName, target, isAsked: true, warnings }
}

function findTwin(config: PrimaryConfig, options: SettledOptions): PrepareTarget {
  const warnings: Problem[] = []
  for (const name of twinsOf(config, options)) {
    const found = lookUp(name, options)
    if (found.found === 'nothing') continue
    if (found.found === 'problem') warnings.push(found.problem)
    else if (!isSameDatabase(found.target, config.target)) warnings.push(differs(config.source.name, name))
    else return overTwin(found.target, config, name, [...warnings, ...found.warnings])
  }
  return { over: 'engine', warnings }
}

function overTwin(
  target: ServerTarget,
  config: PrimaryConfig,
  name: string,
  warnings: readonly Problem[],
): PrepareTarget {
  const isAnother = formatUrl(target, { reveal: true }) !== formatUrl(config.target, { reveal: true })
  return isAnother
    ? { over: 'address', name, target, isAsked: false, warnings }
    : { over: 'engine', warnings }
}

/** The variables that may name another way to the database, where it is configured by one that is well-known, in this environment. */
function twinsOf({ source, target }: PrimaryConfig, options: SettledOptions): readonly string[] {
  const name = source.name.replace(/_FILE$/, '')
  const mayHaveTwin = source.kind === 'variable' || source.kind === 'file'
  if (!mayHaveTwin || target.dialect === 'sqlite' || !urlVariables.some((each) => each.name === name))
    return []
  const used = lookUp(source.name, options)
  const isUsed =
    used.found === 'target' &&
    formatUrl(used.target, { reveal: true }) === formatUrl(target, { reveal: true })
  return isUsed && !unpooledVariables.includes(name) ? unpooledVariables : []
}

/** As the configured address was read: with what is said beside it. */
function lookUp(name: string, options: SettledOptions): SearchResult {
  const { env } = options
  const cwd = workingDirectory(options)
  const found = findSource({ options: { variables: [name] }, env, cwd }, [])
  if (found.found !== 'target' || found.target.dialect === 'sqlite') return found
  const { target, problem } = completeTarget({ options: {}, env, cwd }, found.source, found.target, [])
  return problem ? { found: 'problem', problem, warnings: [] } : { ...found, target }
}

function isSameDatabase(twin: DatabaseTarget, used: DatabaseTarget): twin is ServerTarget {
  return twin.dialect === used.dialect && twin.dialect !== 'sqlite' && databaseOf(twin) === databaseOf(used)
}

/** PostgreSQL takes the name of the user where none is given. */
function databaseOf(target: DatabaseTarget): string | undefined {
  if (target.dialect === 'sqlite') return target.filename
  return target.database ?? (target.dialect === 'mysql' ? undefined : target.user)
}

function differs(used: string, other: string): Problem {
  return problem('conflicting-variables', { subject: used, others: other })
}
