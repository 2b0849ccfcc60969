import type { Problem } from '../problem/problem.ts'
import { formatUrl } from '../url/format-url.ts'
import type { DatabaseTarget } from '../url/target.ts'
import type { DatabaseConfig, SqliteLocation, TraceStep } from './config.ts'

/** The width of the first column of an explanation. */
export const labelWidth = 13

type Row = readonly [label: string, text: string]

type Facts = DatabaseConfig extends infer Config
  ? Config extends unknown
    ? Omit<Config, 'explain'>
    : never
  : never

/**
 * Explains a decision to a person: what will be used and why, what to do, what was looked at. It holds no secret.
 *
 * @param facts - the decision.
 * @param strategyWhy - where the strategy comes from.
 * @returns lines of two columns, the first {@link labelWidth} wide.
 */
export function explain(facts: Facts, strategyWhy: string): string {
  const strategy = typeof facts.strategy === 'string' ? facts.strategy : describeRecord(facts.strategy)
  const rows: readonly Row[] = [
    ...headline(facts),
    ['Strategy', `${strategy}: ${strategyWhy}`],
    ...facts.warnings.flatMap((warning) => problemRows('Warning', warning)),
    ['', ''],
    ['Looked at', 'in this order:'],
    ...groupAbsent(facts.trace).map(traceRow),
  ]
  return rows
    .map(([label, text]) => (label.padEnd(labelWidth) + text.replace(/\p{Cc}/gu, '?')).trimEnd())
    .join('\n')
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
    return [['Database', 'none: the strategy allows no fallback for this reason'], ...reason]
  }
  return [
    ['Database', `${describeTarget(facts.target)}, as a fallback`],
    ['Durability', describeLocation(facts.location)],
    ...reason,
  ]
}

const dialects = { postgres: 'PostgreSQL', cockroachdb: 'CockroachDB', mysql: 'MySQL' } as const

function describeTarget(target: DatabaseTarget): string {
  if (target.dialect !== 'sqlite') return `${dialects[target.dialect]} at ${formatUrl(target)}`
  return target.filename === ':memory:' ? 'SQLite in memory' : `SQLite in the file ${target.filename}`
}

const durabilities: Readonly<Record<SqliteLocation['durability'], string>> = {
  persistent: 'persistent: outlives this program and its container',
  bucket: 'bucket: outlives the container, but a crash may lose the last seconds',
  ephemeral: 'ephemeral: outlives this program, but not its container or the next clean-up',
  memory: 'memory: ends with this program',
  unknown: 'unknown: it cannot be seen from here what this disk outlives',
}

function describeLocation({ durability, filesystem }: SqliteLocation): string {
  return durabilities[durability] + (filesystem === 'network' ? ' (a network or FUSE file system)' : '')
}

function describeRecord(strategy: object): string {
  return (
    Object.entries(strategy)
      .map(([reason, action]) => `${reason} → ${String(action)}`)
      .join(', ') || 'none falls back'
  )
}

function problemRows(label: string, { code, message, hint }: Problem): Row[] {
  return [
    [label, `${message} [${code}]`],
    ['', `→ ${hint}`],
  ]
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
