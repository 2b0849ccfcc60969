import type { Kind } from './dialects/kind.ts'
import { span, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { Secret } from './secret.ts'
import { readSettings } from './settings.ts'
import type { DatabaseTarget, Parameters } from './target.ts'
import { isTlsParameter } from './tls-parameters.ts'

/** What only the authority may say, where the query does not override it. */
const parts = new Set(['host', 'port', 'user', 'password', 'database'])

/** Collects the parameters, decoded and frozen, the last of each name. What is not known to be harmless is a secret. */
export function collectParameters(settings: readonly Setting[], kind: Kind): Parameters {
  const params = Object.create(null) as Record<string, string | Secret>
  for (const { name, value } of settings) {
    if (isDropped(name, kind)) continue
    const isSecret = knownAs(name, kind)?.secret ?? isUnknown(name, kind)
    params[name] = isSecret ? new Secret(value) : value
  }
  return Object.freeze(params)
}

/** Reports parameters that cannot be used or are not known. What is left can be used as it is. */
export function checkParameters(
  target: DatabaseTarget,
  settings: readonly Setting[],
  kind: Kind,
  found: Findings,
): void {
  const last = new Map(settings.map((setting) => [setting.name, setting]))
  const read = readSettings(target)
  for (const { parameter, expected } of read.ok ? [] : read.invalid) {
    found.refuse('invalid-parameter', { parameter, expected }, span(last.get(parameter) as Setting))
  }
  // A text that is refused may have parameters that are really pieces of a password.
  if (found.problems.length > 0) return
  for (const setting of last.values()) if (isUnknown(setting.name, kind)) noteUnknown(setting, kind, found)
}

function knownAs(name: string, { parameters }: Kind): ReturnType<Kind['parameters']['get']> {
  return parameters.get(name.toLowerCase())
}

/** `__proto__` is dropped too: it would be a trap for whoever copies the parameters. */
function isDropped(name: string, kind: Kind): boolean {
  return name === '__proto__' || ('grammar' in kind && !kind.grammar.queryOverrides && parts.has(name))
}

function isUnknown(name: string, kind: Kind): boolean {
  return !knownAs(name, kind) && (kind.dialect === 'sqlite' || !isTlsParameter(name))
}

function noteUnknown(setting: Setting, kind: Kind, found: Findings): void {
  const advice = isDropped(setting.name, kind) ? 'Only the part before the path can say that.' : ''
  found.note('unknown-parameter', { parameter: setting.name, dialect: kind.name, advice }, span(setting))
}
