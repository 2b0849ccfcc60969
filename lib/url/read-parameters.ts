import type { Kind } from './dialects/kind.ts'
import { isSecretParameter } from './dialects/parameter.ts'
import { span, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { Secret } from './secret.ts'
import { readSettings } from './settings.ts'
import type { DatabaseTarget, Parameters } from './target.ts'
import { isTlsParameter } from './tls-parameters.ts'
import { assignsPassword, holdsLogin, holdsUrl } from './whole-url.ts'

/** What only the authority may say, where the query does not override it. */
const parts = new Set(['host', 'port', 'user', 'password', 'database'])

/**
 * Collects the parameters, decoded and frozen, the last of each name. What is not known to be harmless is a secret, and so is a URL with
 * a password in a parameter that is.
 *
 * @param said - all that the query says, also what is a part of the address.
 */
export function collectParameters(
  settings: readonly Setting[],
  kind: Kind,
  said: readonly Setting[] = settings,
): Parameters {
  const params = Object.create(null) as Record<string, string | Secret>
  const hidden = namesBehindSecrets(said, kind)
  for (const { name, value } of settings) {
    if (isDropped(name, kind) || hidden.has(name)) continue
    const isSecret = knownAs(name, kind)?.secret ?? isUnknown(name, kind)
    params[name] = isSecret || mayHoldLogin(value) ? new Secret(value) : value
  }
  return Object.freeze(params)
}

/**
 * Reports parameters that cannot be used or are not known. What is left can be used as it is.
 *
 * @param said - all that the query says, also what is a part of the address.
 */
export function checkParameters(
  target: DatabaseTarget,
  settings: readonly Setting[],
  kind: Kind,
  found: Findings,
  said: readonly Setting[] = settings,
): void {
  refuseUrlNames(settings, found)
  const last = new Map(settings.map((setting) => [setting.name, setting]))
  const read = readSettings(target)
  for (const { parameter, expected } of read.ok ? [] : read.invalid) {
    found.refuse('invalid-parameter', { parameter, expected }, span(last.get(parameter) as Setting))
  }
  // A text that is refused may have parameters that are really pieces of a password.
  if (found.problems.length > 0) return
  const hidden = namesBehindSecrets(said, kind)
  for (const setting of last.values()) {
    if (!isUnknown(setting.name, kind)) continue
    noteUnknown(setting, hidden.has(setting.name) ? '…' : setting.name, kind, found)
  }
}

/** Hiding costs nothing: what has the shape of a login, or of a password with its name, is enough. */
function mayHoldLogin(value: string): boolean {
  const colon = value.indexOf(':')
  return (colon >= 0 && value.includes('@', colon)) || holdsLogin(value) || assignsPassword(value)
}

/** The names of parameters are shown, and such a URL may hold a password. */
function refuseUrlNames(settings: readonly Setting[], found: Findings): void {
  const url = settings.find(({ name }) => holdsUrl(name))
  const expected = 'names of parameters before each "=", not a whole URL'
  if (url) found.refuse('invalid-parameter', { parameter: '…', expected }, span(url))
}

/** What follows a secret and is not known may be the rest of it, behind a raw "&". */
function namesBehindSecrets(said: readonly Setting[], kind: Kind): ReadonlySet<string> {
  const names = new Set<string>()
  let isBehind = false
  for (const { name } of said) {
    const isSecret = isSecretParameter(name)
    isBehind = isSecret || (isBehind && !parts.has(name) && isUnknown(name, kind))
    if (isBehind && !isSecret) names.add(name)
  }
  return names
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

function noteUnknown(setting: Setting, shown: string, kind: Kind, found: Findings): void {
  const advice = isDropped(setting.name, kind) ? 'Only the part before the path can say that.' : ''
  found.note('unknown-parameter', { parameter: shown, dialect: kind.name, advice }, span(setting))
}
