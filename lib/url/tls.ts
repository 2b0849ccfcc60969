import { span, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import type { TlsMode, TlsSettings } from './target.ts'
import {
  canonicalTls,
  plainTls,
  tlsDemands,
  tlsFileNames,
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
  for (const setting of lastOfEach(settings)) {
    const key = tlsOption(setting.name) ?? plainTls(setting.name)
    const file = tlsFileNames.get(key) ?? tlsFileNames.get(`ssl${key}`)
    if (!file) said = stronger(said, readMode(setting, found))
    else if (setting.value && (!files[file] || canonicalTls.has(setting.name))) files[file] = setting.value
  }
  const demand = others.find(isDemand)
  const own = said ?? impliedMode(files)
  const mode = demand ? stronger(own, 'require') : own
  if (!mode) return undefined
  for (const setting of settings) if (!said || !isUsual(setting)) reportSpelling(setting, mode, found)
  if (demand && own && own !== mode) reportSpelling(demand, mode, found)
  return Object.freeze({ ...files, mode })
}

function lastOfEach(settings: readonly Setting[]): Iterable<Setting> {
  return new Map(settings.map((each) => [each.name, each])).values()
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
  const key = plainTls(name)
  const mode = modeOf(tlsOption(name), plainTls(value)) ?? tlsModeNames.get(key)?.get(plainTls(value))
  const either = mode ?? (key === 'ssl' ? jsonMode(value) : undefined)
  if (!either && value !== '') {
    const expected = `one of ${tlsModes.join(', ')}`
    found.refuse('invalid-parameter', { parameter: name, expected }, span(setting))
  }
  return either
}

/** The mode that an option of Node's TLS asks for: whoever sets any of them wants encryption. */
function modeOf(option: string | undefined, value: string): TlsMode | undefined {
  if (option === undefined) return undefined
  const isOff = /^(?:false|0|off|no)$/.test(value)
  if (option === 'require') return isOff ? 'disable' : 'require'
  return option === 'rejectunauthorized' && !isOff ? 'verify-full' : 'require'
}

/** mysql2 takes the TLS options of Node as JSON. */
function jsonMode(text: string): TlsMode | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    return 'rejectUnauthorized' in value && value.rejectUnauthorized === false ? 'require' : 'verify-full'
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
