import { nearest } from './edit-distance.ts'
import { isTlsParameter, tlsDemands, tlsFileNames, tlsModeNames } from './tls-parameters.ts'

/** Whether a name speaks of encryption, or was probably meant to. */
export function isAboutTls(name: string): boolean {
  return isTlsParameter(name) || tlsDemands.has(name.toLowerCase()) || nearTlsParameter(name) !== undefined
}

/** Names that are near, but mean something else. */
const others: ReadonlySet<string> = new Set(['sql', 'sqlmode', 'ttl'])
const names: readonly string[] = [
  ...tlsModeNames.keys(),
  ...tlsFileNames.keys(),
  'channel_binding',
  'rejectunauthorized',
]

/** Names to which another one is nearer than what they mean. */
const meanings: ReadonlyMap<string, string> = new Map([
  ['sslcrl', 'sslcrl'],
  ['tlscrl', 'sslcrl'],
  ['tlsca', 'sslrootcert'],
  ['tlscacert', 'sslrootcert'],
  ['sslversion', 'ssl_min_protocol_version'],
  ['tlsversion', 'ssl_min_protocol_version'],
])

/** The parameter about encryption that a name was probably meant to be, though it is none. */
export function nearTlsParameter(name: string): string | undefined {
  // What follows another character, as in "sslmode:require", is its value.
  const [lead = ''] = /[\w.-]+/.exec(name) ?? []
  const plain = lead.toLowerCase().replaceAll(/[^a-z]/g, '')
  if (plain.length < 2 || plain.length > 20 || others.has(plain) || tlsDemands.has(lead.toLowerCase()))
    return undefined
  if (names.includes(plain)) return plain
  const meaning = meanings.get(plain)
  if (meaning) return meaning
  const most = plain.length < 5 ? 1 : plain.length > 9 ? 3 : /ssl|tls|^s[sl]|encr/.test(plain) ? 2 : 1
  return nearest(plain, names, most)
}

/** The same for a name that stands alone, where "ca" is no part of another text. */
export function meantTlsParameter(name: string): string | undefined {
  return nearTlsParameter(name) ?? (/^ca[-_]?(?:file|cert)?$/i.test(name) ? 'sslrootcert' : undefined)
}
