import { span, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import type { TlsMode, TlsSettings } from './target.ts'

const modes: readonly TlsMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '')

const switchValues: Readonly<Record<string, TlsMode>> = {
  true: 'require',
  1: 'require',
  on: 'require',
  yes: 'require',
  false: 'disable',
  0: 'disable',
  off: 'disable',
  no: 'disable',
}

const modeValues: Readonly<Record<string, TlsMode>> = {
  ...(Object.fromEntries(
    modes.flatMap((mode) => [
      [mode, mode],
      [plain(mode), mode],
    ]),
  ) as Record<string, TlsMode>),
  disabled: 'disable',
  preferred: 'prefer',
  required: 'require',
  verifyidentity: 'verify-full',
  noverify: 'require',
  skipverify: 'require',
}

const acceptValues: Readonly<Record<string, TlsMode>> = {
  strict: 'verify-full',
  acceptinvalidcerts: 'require',
}

/** A bare `?ssl` asks for it too. */
const either = { ...switchValues, ...modeValues, '': 'require' } as const

/** What each spelling may say, by its name in lower case without "-" and "_". */
const modeNames: ReadonlyMap<string, Readonly<Record<string, TlsMode>>> = new Map([
  ['sslmode', { ...modeValues, ...switchValues }],
  ['ssl', either],
  ['tls', either],
  ['usessl', switchValues],
  ['requiressl', switchValues],
  ['sslaccept', acceptValues],
])

const fileNames: ReadonlyMap<string, 'ca' | 'cert' | 'key'> = new Map([
  ['sslrootcert', 'ca'],
  ['sslca', 'ca'],
  ['sslcert', 'cert'],
  ['sslkey', 'key'],
])

const canonical = new Set(['sslmode', 'sslrootcert', 'sslcert', 'sslkey'])

/** Whether a parameter says something about encryption. */
export function isTlsParameter(name: string): boolean {
  if (canonical.has(name)) return true
  if (!/ssl|tls/i.test(name)) return false
  const key = plain(name)
  return modeNames.has(key) || fileNames.has(key)
}

/**
 * Whether a parameter about encryption stays among the parameters of the target as well. What libpq's names say, `tls` says in full; a
 * name of another program (`ssl-mode`, `useSSL`) is translated, and kept as it was written. `ssl` is not: in mysql2 it holds a key as JSON.
 */
export function isForeignTls(name: string): boolean {
  return !canonical.has(name) && plain(name) !== 'ssl'
}

/**
 * Reads all parameters that say something about encryption. Of two modes that disagree, the one that protects more counts; of two
 * files, the one that libpq's name gives.
 */
export function readTls(
  settings: readonly Setting[],
  others: readonly Setting[],
  found: Findings,
): TlsSettings | undefined {
  if (settings.length === 0) return impliesTls(others) ? Object.freeze({ mode: 'require' }) : undefined
  const files: Files = {}
  let said: TlsMode | undefined
  for (const setting of lastOfEach(settings)) {
    const key = keyOf(setting)
    const file = fileNames.get(key)
    if (!file) said = stronger(said, readMode(key, setting, found))
    else if (setting.value && (!files[file] || canonical.has(setting.name))) files[file] = setting.value
  }
  const mode = said ?? impliedMode(files)
  if (!mode) return undefined
  for (const setting of settings) if (!said || !isUsual(setting)) reportSpelling(setting, mode, found)
  files.mode = mode
  return Object.freeze(files as TlsSettings)
}

function keyOf({ name }: Setting): string {
  return canonical.has(name) ? name : plain(name)
}

function lastOfEach(settings: readonly Setting[]): Iterable<Setting> {
  return settings.length > 1 ? new Map(settings.map((each) => [each.name, each])).values() : settings
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
  return modes.indexOf(one) > modes.indexOf(other) ? one : other
}

/** Whoever names certificates wants encryption; whoever names an authority wants it to be checked. */
function impliedMode({ ca, cert, key }: Files): TlsMode | undefined {
  if (ca) return ca === 'system' ? 'verify-full' : 'verify-ca'
  return cert || key ? 'require' : undefined
}

function readMode(key: string, setting: Setting, found: Findings): TlsMode | undefined {
  if (key === 'sslmode' && modes.includes(setting.value as TlsMode)) return setting.value as TlsMode
  const values = modeNames.get(key) ?? {}
  const value = plain(setting.value)
  const mode = Object.hasOwn(values, value)
    ? values[value]
    : key === 'ssl'
      ? jsonMode(setting.value)
      : undefined
  if (!mode && setting.value !== '') {
    const expected = `one of ${modes.join(', ')}`
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
  return canonical.has(name) && (name !== 'sslmode' || modes.includes(value as TlsMode))
}

function reportSpelling(setting: Setting, mode: TlsMode, found: Findings): void {
  found.note('tls-parameter', { parameter: setting.name, mode }, span(setting))
}
