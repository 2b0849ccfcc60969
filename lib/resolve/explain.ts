import type { ProblemCode } from '../problem/catalogue.ts'
import { deepFreeze } from '../url/deep-freeze.ts'
import { formatUrl } from '../url/format-url.ts'
import { dialects } from '../url/kinds.ts'
import type { DatabaseTarget } from '../url/target.ts'
import type { DatabaseConfig, ReplicaSettings, SqliteLocation, TraceStep } from './config.ts'
import { durabilityMeanings } from './durability.ts'
import { formatRows, problemRows, type Row } from './rows.ts'
import { fallsBack } from './strategy.ts'

/** A decision without its explanation. */
export type Facts = DatabaseConfig extends infer Config
  ? Config extends unknown
    ? Omit<Config, 'explain'>
    : never
  : never

/** Makes a decision of its facts: deeply frozen, and able to explain itself. */
export function withExplanation(facts: Facts): DatabaseConfig {
  return deepFreeze({ ...facts, explain: () => formatRows(explain(facts)) })
}

/** The same decision, with what was found out after it was made. */
export function appendFindings(
  config: DatabaseConfig,
  { trace, warnings }: Pick<DatabaseConfig, 'trace' | 'warnings'>,
): DatabaseConfig {
  if (trace.length === 0 && warnings.length === 0) return config
  const found = { trace: [...config.trace, ...trace], warnings: [...config.warnings, ...warnings] }
  return withExplanation({ ...config, ...found })
}

/** The same decision, without a warning that turned out to be none. */
export function withoutWarning(config: DatabaseConfig, code: ProblemCode): DatabaseConfig {
  const warnings = config.warnings.filter((warning) => warning.code !== code)
  return warnings.length < config.warnings.length ? withExplanation({ ...config, warnings }) : config
}

/** Explains a decision to a person: what will be used and why, what to do, what was looked at. It holds no secret. */
export function explain(facts: Facts): readonly Row[] {
  const strategy = typeof facts.strategy === 'string' ? facts.strategy : describeRecord(facts.strategy)
  return [
    ...headline(facts),
    ...(facts.replica ? [['Replica', describeReplica(facts.replica)] as const] : []),
    ['Strategy', `${strategy}: ${facts.strategyWhy}`],
    ...facts.warnings.flatMap((warning) => problemRows('Warning', warning)),
    ['', ''],
    ['Looked at', 'in this order:'],
    ...groupAbsent(facts.trace).map(traceRow),
  ]
}

function headline(facts: Facts): Row[] {
  if (facts.kind === 'primary') {
    const { kind, name } = facts.source
    return [
      ['Database', describeTarget(facts.target)],
      ['From', kind === 'option' ? `the option ${name}` : name],
    ]
  }
  const reason = problemRows('Reason', facts.problem)
  if (facts.kind === 'unresolved') {
    const why = fallsBack(facts.strategy, facts.reason)
      ? 'no SQLite file can be used in its place'
      : 'the strategy allows no fallback for this reason'
    return [['Database', `none: ${why}`], ...reason]
  }
  return [
    ['Database', `${describeTarget(facts.target)}, as a fallback`],
    ['Durability', describeLocation(facts.location)],
    ...reason,
  ]
}

function describeReplica({ url, intervalMs, durableAfterMs }: ReplicaSettings): string {
  const mount = durableAfterMs > 0 ? `; its mount may keep it back for ${durableAfterMs / 1000} s` : ''
  return `${url}: the SQLite file in use is copied there every ${intervalMs} ms, and restored from there where it is missing${mount}`
}

function describeTarget(target: DatabaseTarget): string {
  if (target.dialect !== 'sqlite') return `${dialects[target.dialect].name} at ${formatUrl(target)}`
  return target.filename === ':memory:' ? 'SQLite in memory' : `SQLite in the file ${target.filename}`
}

function describeLocation({ durability, filesystem }: SqliteLocation): string {
  const carrier = filesystem === 'network' ? ' The file system is a network or FUSE one.' : ''
  return `${durability}: ${durabilityMeanings[durability]}${carrier}`
}

function describeRecord(strategy: object): string {
  return (
    Object.entries(strategy)
      .map(([reason, action]) => `${reason} → ${String(action)}`)
      .join(', ') || 'none falls back'
  )
}

/** What is absent for the same cause is one step for a reader: there are some forty names. */
function groupAbsent(trace: readonly TraceStep[]): TraceStep[] {
  const groups: { step: TraceStep; subjects: string[] }[] = []
  for (const step of trace) {
    const last = groups.at(-1)
    const isSame = step.outcome === 'absent' && last?.step.outcome === 'absent' && last.step.why === step.why
    if (isSame) last.subjects.push(step.subject)
    else groups.push({ step, subjects: [step.subject] })
  }
  return groups.map(({ step, subjects }) => ({ ...step, ...joinNames(subjects, step.why) }))
}

/** A variable and its `_FILE` twin are told together. */
function joinNames(names: readonly string[], why: string): Pick<TraceStep, 'subject' | 'why'> {
  const alone = names.filter((name) => !(name.endsWith('_FILE') && names.includes(name.slice(0, -5))))
  const hasTwins = alone.length < names.length
  return { subject: alone.join(', '), why: hasTwins ? `${why}, with or without _FILE` : why }
}

function traceRow({ subject, outcome, why }: TraceStep): Row {
  return [outcome, why.startsWith(subject) ? why : `${subject}: ${why}`]
}
