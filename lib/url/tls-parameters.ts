import { nearest } from './edit-distance.ts'
import type { TlsMode } from './target.ts'

/** The values of `sslmode` in libpq; each protects more than the one before it. */
export const tlsModes: readonly TlsMode[] = [
  'disable',
  'allow',
  'prefer',
  'require',
  'verify-ca',
  'verify-full',
]

/** A name or a value without what its spellings differ in. */
export function plainTls(text: string): string {
  return text.toLowerCase().replaceAll(/[-_]/g, '')
}

type Meanings = readonly (readonly [value: string, mode: TlsMode])[]

const switches: Meanings = [
  ...['true', '1', 'on', 'yes'].map((value) => [value, 'require'] as const),
  ...['false', '0', 'off', 'no'].map((value) => [value, 'disable'] as const),
]

const modes: Meanings = [
  ...tlsModes.map((mode) => [plainTls(mode), mode] as const),
  ['disabled', 'disable'],
  ['preferred', 'prefer'],
  ['required', 'require'],
  ['verifyidentity', 'verify-full'],
  ['noverify', 'require'],
  ['skipverify', 'require'],
  ['trust', 'require'],
]

/** Who wants the server to be checked wants encryption; who does not says nothing of it. */
const checks: ReadonlyMap<string, TlsMode> = new Map([
  ['', 'verify-full'],
  ...switches.map(([value, mode]) => [value, mode === 'require' ? 'verify-full' : 'prefer'] as const),
])

/** Who does not want it to be off says nothing more. */
const opposites: ReadonlyMap<string, TlsMode> = new Map([
  ['', 'disable'],
  ...switches.map(([value, mode]) => [value, mode === 'require' ? 'disable' : 'prefer'] as const),
])

/** A bare `?ssl` asks for it too. */
const either = new Map([...switches, ...modes, ['', 'require'] as const])

/** What each spelling may say, by its plain name. */
export const tlsModeNames: ReadonlyMap<string, ReadonlyMap<string, TlsMode>> = new Map([
  ['sslmode', new Map([...switches, ...modes])],
  ['ssl', either],
  ['tls', either],
  ['tlsmode', new Map([...switches, ...modes])],
  ...'usessl usetls requiressl requiretls enablessl enabletls sslenabled tlsenabled forcessl forcetls secure'
    .split(' ')
    .concat(['sslrequire', 'tlsrequire', 'sslrequired', 'tlsrequired'])
    .map((name) => [name, new Map([...switches, ['', 'require'] as const])] as const),
  ...[
    'sslverify',
    'tlsverify',
    'verifyservercertificate',
    'sslverifyservercert',
    'sslverifycert',
    'sslverifyidentity',
  ].map((name) => [name, checks] as const),
  ...['ssldisabled', 'tlsdisabled', 'disablessl', 'disabletls', 'skipssl', 'nossl', 'notls'].map(
    (name) => [name, opposites] as const,
  ),
  [
    'encrypt',
    new Map([...either, ['strict', 'verify-full'], ['mandatory', 'require'], ['optional', 'prefer']]),
  ],
  [
    'sslaccept',
    new Map([
      ['strict', 'verify-full'],
      ['acceptinvalidcerts', 'require'],
    ]),
  ],
])

/** The parameters that name a file, by their plain names. */
export const tlsFileNames: ReadonlyMap<string, 'ca' | 'cert' | 'key'> = new Map([
  ['sslrootcert', 'ca'],
  ['sslca', 'ca'],
  ['sslrootca', 'ca'],
  ['sslcafile', 'ca'],
  ['tlscafile', 'ca'],
  ['sslcert', 'cert'],
  ['sslkey', 'key'],
])

/** The names in libpq, which are the ones that are written. */
export const canonicalTls: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert', 'sslcert', 'sslkey'])

/** Whether a parameter says something about encryption. */
export function isTlsParameter(name: string): boolean {
  const plain = plainTls(name)
  return tlsModeNames.has(plain) || tlsFileNames.has(plain) || tlsOption(name) !== undefined
}

/** The option of Node's TLS that a name such as `ssl[rejectUnauthorized]` or `ssl.rejectUnauthorized` says, in lower case. */
export function tlsOption(name: string): string | undefined {
  const [, inBrackets, afterDot] =
    /^(?:dialectOptions[[.])?(?:ssl|tls)\]?(?:\[(\w+)\]|\.(rejectUnauthorized|require|ca|cert|key))$/i.exec(
      name,
    ) ?? []
  return (inBrackets ?? afterDot)?.toLowerCase()
}

/** The file that a parameter names. */
export function tlsFileOf(name: string): 'ca' | 'cert' | 'key' | undefined {
  const option = tlsOption(name)
  if (option === undefined) return tlsFileNames.get(plainTls(name))
  return tlsFileNames.get(option) ?? tlsFileNames.get(`ssl${option}`)
}

/** Whether a parameter holds the path of a file. */
export function isTlsFile(name: string): boolean {
  return tlsFileOf(name) !== undefined || name.toLowerCase() === 'sslcrl'
}

/** What is possible only with encryption, and so asks for it: the value of a parameter, in lower case, by its name. */
export const tlsDemands: ReadonlyMap<string, string> = new Map([
  ['sslnegotiation', 'direct'],
  ['channel_binding', 'require'],
  ['channelbinding', 'require'],
  ['sslcertmode', 'require'],
  ['gssencmode', 'require'],
])

/** Whether a name speaks of encryption, or was probably meant to. */
export function isAboutTls(name: string): boolean {
  return isTlsParameter(name) || tlsDemands.has(name.toLowerCase()) || nearTlsParameter(name) !== undefined
}

/** Names that are near, but mean something else. */
const others: ReadonlySet<string> = new Set(['sql', 'sqlmode', 'ttl'])
const names: readonly string[] = [...tlsModeNames.keys(), ...tlsFileNames.keys(), 'channel_binding']

/** The parameter about encryption that a name was probably meant to be, though it is none. */
export function nearTlsParameter(name: string): string | undefined {
  // What follows another character, as in "sslmode:require", is its value.
  const [lead = ''] = /[\w.-]+/.exec(name) ?? []
  const plain = lead.toLowerCase().replaceAll(/[^a-z]/g, '')
  if (plain.length < 2 || plain.length > 20 || others.has(plain) || tlsDemands.has(lead.toLowerCase()))
    return undefined
  if (names.includes(plain)) return plain
  const most = plain.length < 5 ? 1 : plain.length > 9 ? 3 : /ssl|tls|^s[sl]|encr/.test(plain) ? 2 : 1
  return nearest(plain, names, most)
}

/**
 * Whether a parameter about encryption stays among the parameters of the target as well. What libpq's names say, `tls` says in full; a
 * name of another program (`ssl-mode`, `useSSL`) is translated, and kept as it was written. `ssl` and `ssl[…]` are not: they may hold a key.
 */
export function isForeignTls(name: string): boolean {
  return !canonicalTls.has(name) && plainTls(name) !== 'ssl' && tlsOption(name) === undefined
}
