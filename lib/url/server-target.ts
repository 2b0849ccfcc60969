import { span, type Address, type Field, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { readHosts } from './read-hosts.ts'
import { checkParameters, collectParameters } from './read-parameters.ts'
import type { ServerKind } from './dialects/kind.ts'
import type { ParameterTable } from './dialects/parameter.ts'
import { Secret } from './secret.ts'
import type { ServerTarget } from './target.ts'
import { checkTemplates } from './check-templates.ts'
import { unquote } from './quotes.ts'
import { readTls } from './tls.ts'
import { meantTlsParameter } from './near-tls.ts'
import { isForeignTls, isTlsFile, isTlsParameter } from './tls-parameters.ts'
import { assignsPassword, holdsUrl, isLogin } from './whole-url.ts'

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
  const { address, tls, others } = sortSettings(said, kind, found)
  refuseNearTls(others, kind, found)
  refuseUrls(address, found)
  const hosts = readHosts(address, kind, checkTemplates(address, found), found)
  const tlsSettings = readTls(tls, others, found)
  const params = collectParameters(others, kind, said.settings)
  const target: Mutable<ServerTarget> = { dialect: kind.dialect, hosts, params }
  if (address.user?.value) target.user = address.user.value
  if (address.password?.value) target.password = new Secret(address.password.value)
  if (address.database?.value) target.database = address.database.value
  if (tlsSettings) target.tls = tlsSettings
  checkParameters(target, others, kind, found, said.settings)
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
function sortSettings(said: Address, kind: ServerKind, found: Findings): Sorted {
  const parts: Partial<Record<Part, Field>> = {}
  const tls: Setting[] = []
  const others: Setting[] = []
  for (const raw of said.settings) {
    const { name } = raw
    const isOther = kind.parameters.has(name.toLowerCase())
    const part = kind.grammar.queryOverrides && !isOther ? overrides.get(name) : undefined
    const isTls = !part && !isOther && isTlsParameter(name)
    const setting = isTlsFile(name) ? unquote(raw, found) : raw
    if (!isOther && isSocket(setting, kind)) {
      parts.host = setting
      found.note('unknown-parameter', { parameter: name }, span(setting))
      continue
    }
    if (part) parts[part] = setting
    if (isTls) tls.push(setting)
    if (!part && (!isTls || isForeignTls(name))) others.push(setting)
  }
  return { address: { ...said, ...parts }, tls, others }
}

/** What other programs call the directory of PostgreSQL's socket, or the socket itself. */
const socketNames: ReadonlySet<string> = new Set(['socket', 'socketpath', 'unixsock', 'unixsocket'])

function isSocket({ name, value }: Setting, { dialect, sockets }: ServerKind): boolean {
  const isName = socketNames.has(name.toLowerCase().replaceAll('_', ''))
  return isName && sockets && dialect === 'postgres' && value.startsWith('/')
}

/** A wish for encryption must not get lost by its spelling. */
function refuseNearTls(others: readonly Setting[], kind: ServerKind, found: Findings): void {
  for (const setting of others) {
    const { name } = setting
    const isKnown = kind.parameters.has(name.toLowerCase()) || isTlsParameter(name)
    const suggestion = isKnown ? undefined : meantTlsParameter(name)
    if (suggestion) found.refuse('tls-parameter', { parameter: name, suggestion }, span(setting))
  }
}

function isNoName(part: 'user' | 'host' | 'database', text: string): boolean {
  // Another host than a socket cannot hold one.
  if (part === 'host' && !text.startsWith('/')) return false
  return holdsUrl(text) || assignsPassword(text) || (part !== 'host' && isLogin(text))
}

/** The name of a user or a database is shown, and so is the path of a socket, and a URL or a login in it may hold a password. */
function refuseUrls(address: Address, found: Findings): void {
  for (const part of ['user', 'host', 'database'] as const) {
    const field = address[part]
    const expected = `the name of the ${part} alone, not a URL or a password`
    if (field && isNoName(part, field.value))
      found.refuse('invalid-parameter', { parameter: part, expected }, span(field))
  }
}

function checkDoubleEncoding(address: Address, found: Findings): void {
  for (const part of ['user', 'password', 'database'] as const) {
    const field = address[part]
    if (field?.text.includes('%25') && /%[\dA-Fa-f]{2}/.test(field.value))
      found.note('double-encoded', { part }, span(field))
  }
}

/** An address apart from the host, or a socket in place of it. */
function namesPlace({ name, value }: Setting, parameters: ParameterTable): boolean {
  const effect = parameters.get(name.toLowerCase())?.effect
  const isPlace = effect && 'says' in effect && ['addresses', 'socketPath'].includes(effect.says)
  return isPlace === true && value !== ''
}

/** All that it stands for would be lost, and the local server taken in its place. */
function refuseService(service: Setting, found: Findings): void {
  const expected = 'host, port, user and dbname in its place: the file of services is not read'
  found.refuse('invalid-parameter', { parameter: service.name, expected }, span(service))
}

function noteMissing(address: Address, { scheme, parameters }: ServerKind, found: Findings): void {
  const isNamed = address.host?.value || address.settings.some((setting) => namesPlace(setting, parameters))
  const service = isNamed
    ? undefined
    : address.settings.find(({ name, value }) => name === 'service' && value)
  if (service) refuseService(service, found)
  else if (!isNamed && found.problems.every(({ code }) => code !== 'invalid-host'))
    found.note('missing-host', { scheme })
  if (!address.user?.value) found.note('missing-user', { scheme })
  if (!address.database?.value) found.note('missing-database', { scheme })
}
