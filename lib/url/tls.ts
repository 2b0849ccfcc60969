import { span, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import type { TlsMode, TlsSettings } from './target.ts'
import { canonicalTls, plainTls, tlsFileNames, tlsModeNames, tlsModes } from './tls-parameters.ts'

/**
 * Reads all parameters that say something about encryption. Of two modes that disagree, the one that protects more counts; of two
 * files, the one that libpq's name gives.
 */
export function readTls(
  settings: readonly Setting[],
  others: readonly Setting[],
  found: Findings,
): TlsSettings | undefined {
  if (settings.length === 0 && impliesTls(others)) return Object.freeze({ mode: 'require' })
  const files: Files = {}
  let said: TlsMode | undefined
  for (const setting of lastOfEach(settings)) {
    const key = canonicalTls.has(setting.name) ? setting.name : plainTls(setting.name)
    const file = tlsFileNames.get(key)
    if (!file) said = stronger(said, readMode(key, setting, found))
    else if (setting.value && (!files[file] || canonicalTls.has(setting.name))) files[file] = setting.value
  }
  const mode = said ?? impliedMode(files)
  if (!mode) return undefined
  for (const setting of settings) if (!said || !isUsual(setting)) reportSpelling(setting, mode, found)
  files.mode = mode
  return Object.freeze(files as TlsSettings)
}

function lastOfEach(settings: readonly Setting[]): Iterable<Setting> {
  return new Map(settings.map((each) => [each.name, each])).values()
}

interface Files {
  mode?: TlsMode
  ca?: string
  cert?: string
  key?: string
}

/** `sslnegotiation=direct` is possible only with encryption. */
function impliesTls(settings: readonly Setting[]): boolean {
  return settings.some(({ name, value }) => name === 'sslnegotiation' && value === 'direct')
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

function readMode(key: string, setting: Setting, found: Findings): TlsMode | undefined {
  const mode =
    tlsModeNames.get(key)?.get(plainTls(setting.value)) ??
    (key === 'ssl' ? jsonMode(setting.value) : undefined)
  if (!mode && setting.value !== '') {
    const expected = `one of ${tlsModes.join(', ')}`
    found.refuse('invalid-parameter', { parameter: setting.name, expected }, span(setting))
  }
  return mode
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
