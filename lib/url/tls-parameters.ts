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

/** The plain name of a parameter, also of one within the options of a driver: `ssl` for `dialectOptions[ssl]` and `extra.ssl`. */
export function plainTlsName(name: string): string {
  return plainTls(withoutLead(name))
}

function withoutLead(name: string): string {
  return name.replace(/^(?:dialectOptions|extra)(?:\[(\w+)\]|\.)/i, '$1')
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
    .concat(['sslrequire', 'tlsrequire', 'sslrequired', 'tlsrequired', 'withssl', 'withtls'])
    .map((name) => [name, new Map([...switches, ['', 'require'] as const])] as const),
  ...[
    'sslverify',
    'tlsverify',
    'verifyservercertificate',
    'sslverifyservercert',
    'sslverifycert',
    'sslverifyidentity',
    'verifyssl',
    'verifytls',
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
  ['serversslcert', 'ca'],
  ['sslcert', 'cert'],
  ['sslkey', 'key'],
])

/** The names in libpq, which are the ones that are written. */
export const canonicalTls: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert', 'sslcert', 'sslkey'])

/** Whether a parameter says something about encryption. */
export function isTlsParameter(name: string): boolean {
  const plain = plainTlsName(name)
  return tlsModeNames.has(plain) || tlsFileNames.has(plain) || tlsOption(name) !== undefined
}

/** The option of Node's TLS that a name such as `ssl[rejectUnauthorized]` or `ssl.rejectUnauthorized` says, in lower case. */
export function tlsOption(name: string): string | undefined {
  if (plainTls(name) === 'rejectunauthorized') return 'rejectunauthorized'
  const [, inBrackets, afterDot] =
    /^(?:ssl|tls)(?:\[(\w+)\]|\.(rejectUnauthorized|require|ca|cert|key))$/i.exec(withoutLead(name)) ?? []
  return (inBrackets ?? afterDot)?.toLowerCase()
}

/** The file that a parameter names. */
export function tlsFileOf(name: string): 'ca' | 'cert' | 'key' | undefined {
  const option = tlsOption(name)
  if (option === undefined) return tlsFileNames.get(plainTlsName(name))
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

/**
 * Whether a parameter about encryption stays among the parameters of the target as well. What libpq's names say, `tls` says in full; a
 * name of another program (`ssl-mode`, `useSSL`) is translated, and kept as it was written. `ssl` and `ssl[…]` are not: they may hold a key.
 */
export function isForeignTls(name: string): boolean {
  return !canonicalTls.has(name) && plainTlsName(name) !== 'ssl' && tlsOption(name) === undefined
}
