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
]

/** A bare `?ssl` asks for it too. */
const either = new Map([...switches, ...modes, ['', 'require'] as const])

/** What each spelling may say, by its plain name. */
export const tlsModeNames: ReadonlyMap<string, ReadonlyMap<string, TlsMode>> = new Map([
  ['sslmode', new Map([...switches, ...modes])],
  ['ssl', either],
  ['tls', either],
  ['usessl', new Map(switches)],
  ['requiressl', new Map(switches)],
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
  ['sslcert', 'cert'],
  ['sslkey', 'key'],
])

/** The names in libpq, which are the ones that are written. */
export const canonicalTls: ReadonlySet<string> = new Set(['sslmode', 'sslrootcert', 'sslcert', 'sslkey'])

/** Whether a parameter says something about encryption. */
export function isTlsParameter(name: string): boolean {
  if (canonicalTls.has(name)) return true
  if (!/ssl|tls/i.test(name)) return false
  const plain = plainTls(name)
  return tlsModeNames.has(plain) || tlsFileNames.has(plain)
}

/**
 * Whether a parameter about encryption stays among the parameters of the target as well. What libpq's names say, `tls` says in full; a
 * name of another program (`ssl-mode`, `useSSL`) is translated, and kept as it was written. `ssl` is not: in mysql2 it holds a key as JSON.
 */
export function isForeignTls(name: string): boolean {
  return !canonicalTls.has(name) && plainTls(name) !== 'ssl'
}
