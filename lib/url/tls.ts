import { span, type Setting } from './field.ts'
import { pathProblem } from './path-problem.ts'
import type { Findings } from './findings.ts'
import type { TlsMode, TlsSettings } from './target.ts'
import {
  canonicalTls,
  plainTls,
  plainTlsName,
  tlsDemands,
  tlsFileOf,
  tlsModeNames,
  tlsModes,
  tlsOption,
} from './tls-parameters.ts'

/**
 * Reads all parameters that say something about encryption. Of two modes that disagree, the one that protects more counts; of two
 * files, the one that libpq's name gives.
 */
export function readTls(
  settings: readonly Setting[],
  others: readonly Setting[],
  found: Findings,
): TlsSettings | undefined {
  const files: Files = {}
  let said: TlsMode | undefined
  let unchecked: TlsMode | undefined
  for (const setting of lastOfEach(settings)) {
    const file = tlsFileOf(setting.name)
    const wrong = file && pathProblem(setting.value)
    if (isUnchecked(setting)) unchecked = readMode(setting, found)
    else if (!file) said = stronger(said, readMode(setting, found))
    else if (wrong) refuseValue(setting, `the path of a file, ${wrong}`, found)
    else if (setting.value && (!files[file] || canonicalTls.has(setting.name))) files[file] = setting.value
  }
  // Where there is no encryption, a server that is not checked asks for none.
  if (said !== 'disable') said = stronger(said, unchecked)
  if (isPrisma(settings)) moveAuthority(files)
  const demand = others.find(isDemand)
  const own = said ?? impliedMode(files)
  const mode = demand ? stronger(own, 'require') : own
  if (!mode) return undefined
  for (const setting of settings) if (!said || !isUsual(setting)) reportSpelling(setting, mode, found)
  if (demand && own && own !== mode) reportSpelling(demand, mode, found)
  return Object.freeze({ ...files, mode })
}

function refuseValue(setting: Setting, expected: string, found: Findings): void {
  found.refuse('invalid-parameter', { parameter: setting.name, expected }, span(setting))
}

function isPrisma(settings: readonly Setting[]): boolean {
  return settings.some(({ name }) => plainTls(name) === 'sslaccept')
}

/** In Prisma, `sslcert` is the authority of the server (Prisma documentation, "PostgreSQL", "Arguments"). */
function moveAuthority(files: Files): void {
  if (!files.cert || files.key || files.ca) return
  files.ca = files.cert
  delete files.cert
}

/** As in libpq; an empty one takes nothing back. */
function lastOfEach(settings: readonly Setting[]): Iterable<Setting> {
  const last = new Map<string, Setting>()
  for (const each of settings) if (each.value !== '' || !last.has(each.name)) last.set(each.name, each)
  return last.values()
}

interface Files {
  ca?: string
  cert?: string
  key?: string
}

function isDemand({ name, value }: Setting): boolean {
  return tlsDemands.get(name.toLowerCase()) === value
}

function stronger(one: TlsMode | undefined, other: TlsMode | undefined): TlsMode | undefined {
  if (!one || !other) return one ?? other
  return tlsModes.indexOf(one) > tlsModes.indexOf(other) ? one : other
}

/** Whoever names certificates wants encryption; whoever names an authority wants it to be checked. */
function impliedMode({ ca, cert, key }: Files): TlsMode | undefined {
  if (ca) return ca === 'system' ? 'verify-full' : 'verify-ca'
  return cert || key ? 'require' : undefined
}

function readMode(setting: Setting, found: Findings): TlsMode | undefined {
  const { name, value } = setting
  const key = plainTlsName(name)
  const mode = modeOf(tlsOption(name), plainTls(value)) ?? tlsModeNames.get(key)?.get(plainTls(value))
  const json = mode || key !== 'ssl' ? undefined : parseObject(value)
  if (json) return jsonMode(json, setting, found)
  const expected = tlsOption(name) ? 'true or false' : `one of ${tlsModes.join(', ')}`
  if (!mode && value !== '') refuseValue(setting, expected, found)
  return mode
}

/** Whether a setting leaves the server unchecked, in the words of Node's TLS. */
function isUnchecked({ name, value }: Setting): boolean {
  return tlsOption(name) === 'rejectunauthorized' && no.test(plainTls(value))
}

const no = /^(?:false|0|off|no)$/

/** The mode that an option of Node's TLS asks for: whoever sets any of them wants encryption. */
function modeOf(option: string | undefined, value: string): TlsMode | undefined {
  if (option === undefined) return undefined
  const isOff = no.test(value)
  if (option === 'require') return isOff ? 'disable' : 'require'
  if (option !== 'rejectunauthorized' || isOff) return 'require'
  return /^(?:true|1|on|yes|)$/.test(value) ? 'verify-full' : undefined
}

/** mysql2 takes the TLS options of Node as JSON. What they say beside the check must not get lost. */
function jsonMode(options: Readonly<Record<string, unknown>>, setting: Setting, found: Findings): TlsMode {
  const others = Object.keys(options).filter((name) => !checksOfNode.includes(name))
  if (others.length > 0) refuseValue(setting, jsonAdvice, found)
  return options['rejectUnauthorized'] === false ? 'require' : 'verify-full'
}

const checksOfNode = ['rejectUnauthorized', 'verifyIdentity']
const jsonAdvice =
  'an object with rejectUnauthorized alone: sslrootcert, sslcert and sslkey name files, and ssl_min_protocol_version the lowest version'

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

function isUsual({ name, value }: Setting): boolean {
  return canonicalTls.has(name) && (name !== 'sslmode' || tlsModes.includes(value as TlsMode))
}

function reportSpelling(setting: Setting, mode: TlsMode, found: Findings): void {
  found.note('tls-parameter', { parameter: setting.name, mode }, span(setting))
}
