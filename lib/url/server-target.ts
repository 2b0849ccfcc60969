import { span, type Address, type Field, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { readHosts } from './hosts.ts'
import { readParameters } from './read-parameters.ts'
import type { ServerKind } from './schemes.ts'
import { Secret } from './secret.ts'
import type { ServerTarget } from './target.ts'
import { checkTemplates } from './templates.ts'
import { isTlsParameter, readTls } from './tls.ts'

const overrides = {
  host: 'host',
  port: 'port',
  user: 'user',
  password: 'password',
  dbname: 'database',
} as const
type Part = (typeof overrides)[keyof typeof overrides]

const isOverride = (name: string): name is keyof typeof overrides => Object.hasOwn(overrides, name)

/** Gives the parts of an address their meaning. */
export function readServerTarget(
  input: string,
  said: Address,
  kind: ServerKind,
  found: Findings,
): ServerTarget {
  const { address, tls, others } = sortSettings(said, kind)
  const known = checkTemplates(input, address, found)
  const hosts = readHosts(address, kind, known, found)
  checkDoubleEncoding(address, found)
  const tlsSettings = readTls(tls, found) ?? directTls(others)
  const params = readParameters(others, kind, found)
  noteMissing(address, kind, found)
  return {
    dialect: kind.dialect,
    hosts,
    ...(address.user?.value ? { user: address.user.value } : undefined),
    ...(address.password?.value ? { password: new Secret(address.password.value) } : undefined),
    ...(address.database?.value ? { database: address.database.value } : undefined),
    ...(tlsSettings ? { tls: tlsSettings } : undefined),
    params,
  }
}

/** Tells the parameters that are a part of the address, those about encryption, and the others apart. */
function sortSettings(
  said: Address,
  kind: ServerKind,
): { address: Address; tls: Setting[]; others: Setting[] } {
  const parts: Partial<Record<Part, Field | undefined>> = {}
  const tls: Setting[] = []
  const others: Setting[] = []
  for (const setting of said.settings) {
    if (kind.grammar.queryOverrides && isOverride(setting.name)) parts[overrides[setting.name]] = setting
    else if (isTlsParameter(setting.name)) tls.push(setting)
    else others.push(setting)
  }
  return { address: { ...said, ...parts }, tls, others }
}

/** `sslnegotiation=direct` is possible only with encryption. */
function directTls(settings: readonly Setting[]): { mode: 'require' } | undefined {
  return settings.some(({ name, value }) => name === 'sslnegotiation' && value === 'direct')
    ? { mode: 'require' }
    : undefined
}

function checkDoubleEncoding(address: Address, found: Findings): void {
  for (const part of ['user', 'password', 'database'] as const) {
    const field = address[part]
    if (field?.text.includes('%25') && /%[\dA-Fa-f]{2}/.test(field.value)) {
      found.note('double-encoded', { part }, span(field))
    }
  }
}

function noteMissing(address: Address, { scheme }: ServerKind, found: Findings): void {
  const hostaddr = address.settings.some(({ name }) => name === 'hostaddr')
  if (!address.host?.value && !hostaddr) found.note('missing-host', { scheme })
  if (!address.user?.value) found.note('missing-user', { scheme })
  if (!address.database?.value) found.note('missing-database', { scheme })
}
