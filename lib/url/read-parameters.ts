import { span, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { isSecretParameter, type ParameterRule } from './parameters.ts'
import type { Kind } from './schemes.ts'
import { Secret } from './secret.ts'
import type { Parameters } from './target.ts'
import { isTlsParameter } from './tls-parameters.ts'

/** What only the authority may say, where the query does not override it. */
const parts = new Set(['host', 'port', 'user', 'password', 'database'])

const names: Readonly<Record<Kind['dialect'], string>> = {
  postgres: 'PostgreSQL',
  cockroachdb: 'CockroachDB',
  mysql: 'MySQL',
  sqlite: 'SQLite',
}

/** Collects the parameters, decoded and frozen, the last of each name, and checks those that are known. */
export function readParameters(settings: readonly Setting[], kind: Kind, found: Findings): Parameters {
  if (settings.length === 0) return none
  // Several times faster here than Object.create(null), which makes a dictionary.
  const params = Object.setPrototypeOf({}, null) as Record<string, string | Secret>
  let unknown: Map<string, Setting> | undefined
  for (const setting of settings) {
    const { name, value } = setting
    const rule = kind.parameters.get(name) ?? kind.parameters.get(name.toLowerCase())
    if (rule) checkValue(setting, rule, kind, found)
    else if (kind.dialect === 'sqlite' || !isTlsParameter(name)) (unknown ??= new Map()).set(name, setting)
    if (rule?.name === name) params[rule.name] = rule.secret ? new Secret(value) : value
    else if (!isDropped(name, kind)) params[name] = isSecretParameter(name) ? new Secret(value) : value
  }
  // A text that is refused may have parameters that are really pieces of a password.
  if (unknown && found.problems.length === 0) {
    for (const [parameter, setting] of unknown) noteUnknown(parameter, setting, kind, found)
  }
  return Object.freeze(params)
}

const none: Parameters = Object.freeze(Object.create(null) as Parameters)

/** `__proto__` is dropped too: it would be a trap for whoever copies the parameters. */
function isDropped(name: string, kind: Kind): boolean {
  return name === '__proto__' || ('grammar' in kind && !kind.grammar.queryOverrides && parts.has(name))
}

function noteUnknown(parameter: string, setting: Setting, kind: Kind, found: Findings): void {
  const advice = isDropped(parameter, kind) ? 'Only the part before the path can say that.' : ''
  found.note('unknown-parameter', { parameter, dialect: names[kind.dialect], advice }, span(setting))
}

function checkValue(setting: Setting, { values }: ParameterRule, kind: Kind, found: Findings): void {
  if (!values) return
  const value = kind.foldsCase ? setting.value.toLowerCase() : setting.value
  const isAllowed = values === 'number' ? /^-?\d{1,10}$/.test(value) : values.includes(value)
  if (isAllowed) return
  const expected = values === 'number' ? 'a whole number' : `one of ${values.join(', ')}`
  found.refuse('invalid-parameter', { parameter: setting.name, expected }, span(setting))
}
