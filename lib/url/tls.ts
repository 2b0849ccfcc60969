import { span, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import type { TlsMode, TlsSettings } from './target.ts'

const modes: readonly TlsMode[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full']

const switchValues: Readonly<Record<string, TlsMode>> = {
  true: 'require',
  1: 'require',
  on: 'require',
  yes: 'require',
  '': 'require',
  false: 'disable',
  0: 'disable',
  off: 'disable',
  no: 'disable',
}

const modeValues: Readonly<Record<string, TlsMode>> = {
  ...(Object.fromEntries(modes.map((mode) => [mode.replace('-', ''), mode])) as Record<string, TlsMode>),
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

const either = { ...switchValues, ...modeValues }

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

const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '')

/** Whether a parameter says something about encryption. */
export function isTlsParameter(name: string): boolean {
  const key = plain(name)
  return modeNames.has(key) || fileNames.has(key)
}

/** Reads all parameters that say something about encryption. Of two that disagree, the one that protects more counts. */
export function readTls(settings: readonly Setting[], found: Findings): TlsSettings | undefined {
  if (settings.length === 0) return undefined
  const files: { ca?: string; cert?: string; key?: string } = {}
  const said = new Map<string, TlsMode>()
  for (const setting of settings) {
    const key = plain(setting.name)
    const file = fileNames.get(key)
    if (file) {
      if (setting.value) files[file] = setting.value
    } else {
      const mode = readMode(key, setting, found)
      if (mode) said.set(key, mode)
    }
  }
  const mode = strongest([...said.values()]) ?? impliedMode(files)
  if (!mode) return undefined
  const tls = { mode, ...files }
  reportSpellings(settings, tls, said.size === 0, found)
  return tls
}

function strongest(said: readonly TlsMode[]): TlsMode | undefined {
  return said.toSorted((a, b) => modes.indexOf(b) - modes.indexOf(a))[0]
}

/** Whoever names certificates wants encryption; whoever names an authority wants it to be checked. */
function impliedMode({ ca, cert, key }: Omit<TlsSettings, 'mode'>): TlsMode | undefined {
  if (ca) return ca === 'system' ? 'verify-full' : 'verify-ca'
  return cert || key ? 'require' : undefined
}

function readMode(key: string, setting: Setting, found: Findings): TlsMode | undefined {
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

function reportSpellings(
  settings: readonly Setting[],
  { mode }: TlsSettings,
  implied: boolean,
  found: Findings,
): void {
  for (const setting of settings) {
    const usual =
      canonical.has(setting.name) && (setting.name !== 'sslmode' || modes.includes(setting.value as TlsMode))
    if (!usual || implied) found.note('tls-parameter', { parameter: setting.name, mode }, span(setting))
  }
}
