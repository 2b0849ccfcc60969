import { problem, type Problem } from '../problem/problem.ts'
import { readUrl } from '../url/read-url.ts'
import type { DatabaseTarget } from '../url/target.ts'
import { assemble, leadingVariable } from './components.ts'
import type { ResolveOptions, Source, TraceStep } from './config.ts'
import { isBlank, isSetButBlank, type Environment } from './environment.ts'
import { bothSet } from './part-reader.ts'
import { readSecretFile } from './secret-file.ts'
import { componentFamilies, urlVariables, type ComponentFamily } from './variables.ts'

/** A database that is configured, or why none can be used. */
export type SearchResult =
  | {
      readonly found: 'target'
      readonly source: Source
      readonly target: DatabaseTarget
      readonly redacted: string
      readonly warnings: readonly Problem[]
    }
  | { readonly found: 'problem'; readonly problem: Problem; readonly warnings: readonly Problem[] }
  | { readonly found: 'nothing'; readonly subject: string; readonly isBlank: boolean }

/** What a place where a setting may stand holds. */
type Content =
  | { readonly state: 'absent' }
  | { readonly state: 'blank' }
  | {
      readonly state: 'text'
      readonly subject: string
      readonly text: unknown
      readonly source: Source
      readonly warnings?: readonly Problem[]
    }
  | { readonly state: 'refused'; readonly problem: Problem; readonly warnings?: readonly Problem[] }

/** A place where a setting may stand. */
interface SourcePlace {
  readonly name: string
  look(): Content
}

/** What the search is about. */
export interface Search {
  readonly options: ResolveOptions
  readonly env: Environment
  readonly cwd: string
}

/** Looks at the sources in their order; the first that is set ends the search, whether it is right or wrong. */
export function findSource(search: Search, trace: TraceStep[]): SearchResult {
  let blank: string | undefined
  for (const place of places(search)) {
    const content = place.look()
    if (content.state === 'text') return read(place.name, content, trace)
    if (content.state === 'refused')
      return refuse(place.name, [content.problem], content.warnings ?? [], trace)
    if (content.state === 'blank') blank ??= place.name
    trace.push({ subject: place.name, outcome: 'absent', why: whyAbsent[content.state] })
  }
  const subject = blank ?? searchedNames(search.options)[0] ?? 'The database URL'
  return { found: 'nothing', subject, isBlank: blank !== undefined }
}

const whyAbsent = { absent: 'not set', blank: 'set, but empty or blank' } as const

function read(name: string, content: Extract<Content, { state: 'text' }>, trace: TraceStep[]): SearchResult {
  const { subject, source, warnings: earlier = [] } = content
  const reading = readUrl(content.text, { subject })
  if (!reading.valid) return refuse(name, reading.problems, [...earlier, ...reading.warnings], trace)
  const { target, redacted } = reading
  const warnings = [...earlier, ...reading.warnings]
  trace.push({ subject: name, outcome: 'taken', why: `it names ${redacted}` })
  return { found: 'target', source, target, redacted, warnings }
}

function refuse(
  name: string,
  problems: readonly [Problem, ...Problem[]],
  warnings: readonly Problem[],
  trace: TraceStep[],
): SearchResult {
  const [first, ...rest] = problems
  trace.push({ subject: name, outcome: 'refused', why: first.message })
  return { found: 'problem', problem: first, warnings: [...rest, ...warnings] }
}

/** The names of the variables that may hold a URL, in order. */
export function searchedNames(options: ResolveOptions): readonly string[] {
  return options.variables ?? urlVariables.map(({ name }) => name)
}

/** The families of components that are searched: none where the program names its variables. */
export function searchedFamilies(options: ResolveOptions): readonly ComponentFamily[] {
  return options.variables ? [] : componentFamilies
}

function places(search: Search): readonly SourcePlace[] {
  const { options } = search
  const names = searchedNames(options)
  const variables = names.flatMap((name) => {
    if (name.endsWith('_FILE')) return [filePlace(search, name)]
    const twin = `${name}_FILE`
    return names.includes(twin)
      ? [variablePlace(search, name)]
      : [variablePlace(search, name), filePlace(search, twin)]
  })
  const components = searchedFamilies(options).map((family) => componentsPlace(search, family))
  return [...(options.url === undefined ? [] : [optionPlace(options.url)]), ...variables, ...components]
}

function optionPlace(url: string): SourcePlace {
  const name = 'options.url'
  return {
    name,
    look: () =>
      isBlank(url)
        ? { state: 'blank' }
        : { state: 'text', subject: name, text: url, source: { kind: 'option', name: 'url' } },
  }
}

function variablePlace({ env }: Search, name: string): SourcePlace {
  return {
    name,
    look: () => {
      const text = env[name]
      if (isBlank(text)) return { state: isSetButBlank(text) ? 'blank' : 'absent' }
      if (!isBlank(env[`${name}_FILE`])) return { state: 'refused', problem: bothSet(name) }
      return { state: 'text', subject: name, text, source: { kind: 'variable', name } }
    },
  }
}

function filePlace({ env, cwd }: Search, name: string): SourcePlace {
  return {
    name,
    look: () => {
      const path = env[name]
      if (isBlank(path)) return { state: isSetButBlank(path) ? 'blank' : 'absent' }
      const secret = readSecretFile(name, path, cwd)
      if (!secret.ok) return { state: 'refused', problem: secret.problem }
      return {
        state: 'text',
        subject: `The file in ${name}`,
        text: secret.text,
        warnings: secret.warnings,
        source: { kind: 'file', name },
      }
    },
  }
}

function componentsPlace({ env, cwd }: Search, family: ComponentFamily): SourcePlace {
  const name = family.host[0]!
  return {
    name,
    look: () => {
      const leading = leadingVariable(env, family)
      if (leading === undefined) return { state: isSetButBlank(env[name]) ? 'blank' : 'absent' }
      const assembly = assemble(env, family, cwd)
      const { warnings } = assembly
      if (!assembly.ok) return { state: 'refused', problem: assembly.problem, warnings }
      return {
        state: 'text',
        subject: assembly.subject,
        text: assembly.url,
        source: { kind: 'components', name: leading },
        warnings,
      }
    },
  }
}

/** The problem of an environment in which nothing is configured. */
export function nothingConfigured(
  finding: Extract<SearchResult, { found: 'nothing' }>,
  advice: string,
): Problem {
  const { subject } = finding
  if (!finding.isBlank) return problem('missing', { subject, advice })
  const empty = problem('empty', { subject })
  return { ...empty, hint: `${empty.hint} ${advice}`.trimEnd() }
}
