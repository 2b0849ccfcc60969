import { span, type Address, type Field, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { readHosts } from './read-hosts.ts'
import { checkParameters, collectParameters } from './read-parameters.ts'
import type { ServerKind } from './dialects/kind.ts'
import { Secret } from './secret.ts'
import type { ServerTarget } from './target.ts'
import { checkTemplates } from './check-templates.ts'
import { readTls } from './tls.ts'
import { isForeignTls, isTlsParameter } from './tls-parameters.ts'

type Part = 'host' | 'port' | 'user' | 'password' | 'database'

/** The parameters that are a part of the address. */
const overrides: ReadonlyMap<string, Part> = new Map([
  ['host', 'host'],
  ['port', 'port'],
  ['user', 'user'],
  ['password', 'password'],
  ['dbname', 'database'],
])

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Gives the parts of an address their meaning; the target is deeply frozen. */
export function readServerTarget(said: Address, kind: ServerKind, found: Findings): ServerTarget {
  const { address, tls, others } = sortSettings(said, kind)
  const hosts = readHosts(address, kind, checkTemplates(address, found), found)
  const tlsSettings = readTls(tls, others, found)
  const params = collectParameters(others, kind)
  const target: Mutable<ServerTarget> = { dialect: kind.dialect, hosts, params }
  if (address.user?.value) target.user = address.user.value
  if (address.password?.value) target.password = new Secret(address.password.value)
  if (address.database?.value) target.database = address.database.value
  if (tlsSettings) target.tls = tlsSettings
  checkParameters(target, others, kind, found)
  checkDoubleEncoding(address, found)
  noteMissing(address, kind, found)
  return Object.freeze(target)
}

interface Sorted {
  readonly address: Address
  readonly tls: readonly Setting[]
  readonly others: readonly Setting[]
}

/** Tells the parameters that are a part of the address, those about encryption, and the others apart. */
function sortSettings(said: Address, kind: ServerKind): Sorted {
  const parts: Partial<Record<Part, Field>> = {}
  const tls: Setting[] = []
  const others: Setting[] = []
  for (const setting of said.settings) {
    const { name } = setting
    const isOther = kind.parameters.has(name)
    const part = kind.grammar.queryOverrides && !isOther ? overrides.get(name) : undefined
    const isTls = !part && !isOther && isTlsParameter(name)
    if (part) parts[part] = setting
    if (isTls) tls.push(setting)
    if (!part && (!isTls || isForeignTls(name))) others.push(setting)
  }
  return { address: { ...said, ...parts }, tls, others }
}

function checkDoubleEncoding(address: Address, found: Findings): void {
  for (const part of ['user', 'password', 'database'] as const) {
    const field = address[part]
    if (field?.text.includes('%25') && /%[\dA-Fa-f]{2}/.test(field.value))
      found.note('double-encoded', { part }, span(field))
  }
}

function noteMissing(address: Address, { scheme }: ServerKind, found: Findings): void {
  const isNamed = address.host?.value || address.settings.some(({ name }) => name === 'hostaddr')
  if (!isNamed) found.note('missing-host', { scheme })
  if (!address.user?.value) found.note('missing-user', { scheme })
  if (!address.database?.value) found.note('missing-database', { scheme })
}
