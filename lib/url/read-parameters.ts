import { span, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { isSecretParameter } from './parameters.ts'
import type { Kind } from './schemes.ts'
import { Secret } from './secret.ts'
import type { Parameters } from './target.ts'

/** What only the authority may say, where the query does not override it. */
const parts = new Set(['host', 'port', 'user', 'password', 'database'])

const names: Readonly<Record<Kind['dialect'], string>> = {
  postgres: 'PostgreSQL',
  cockroachdb: 'CockroachDB',
  mysql: 'MySQL',
  sqlite: 'SQLite',
}

/** Collects the parameters, decoded, the last of each name, and checks those that are known. */
export function readParameters(settings: readonly Setting[], kind: Kind, found: Findings): Parameters {
  const params = Object.create(null) as Record<string, string | Secret>
  const unknown = new Map<string, Setting>()
  for (const setting of settings) {
    const { name, value } = setting
    const isKnown = kind.parameters.known.has(name.toLowerCase())
    if (isKnown) checkValue(setting, kind, found)
    else unknown.set(name, setting)
    if (!isDropped(name, kind)) params[name] = isSecretParameter(name) ? new Secret(value) : value
  }
  // A text that is refused may have parameters that are really pieces of a password.
  if (found.problems.length === 0) {
    for (const [parameter, setting] of unknown) noteUnknown(parameter, setting, kind, found)
  }
  return params
}

/** `__proto__` is dropped too: it would be a trap for whoever copies the parameters. */
function isDropped(name: string, kind: Kind): boolean {
  return name === '__proto__' || ('grammar' in kind && !kind.grammar.queryOverrides && parts.has(name))
}

function noteUnknown(parameter: string, setting: Setting, kind: Kind, found: Findings): void {
  const advice = isDropped(parameter, kind) ? 'Only the part before the path can say that.' : ''
  found.note('unknown-parameter', { parameter, dialect: names[kind.dialect], advice }, span(setting))
}

function checkValue({ name, value, ...piece }: Setting, { parameters }: Kind, found: Findings): void {
  const key = name.toLowerCase()
  const allowed = Object.hasOwn(parameters.values, key) ? parameters.values[key] : undefined
  const text = parameters.foldsCase ? value.toLowerCase() : value
  const expected =
    allowed && !allowed.includes(text)
      ? `one of ${allowed.join(', ')}`
      : parameters.numbers.has(key) && !/^-?\d{1,10}$/.test(value)
        ? 'a whole number'
        : undefined
  if (expected) found.refuse('invalid-parameter', { parameter: name, expected }, span(piece))
}
