import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureVersion } from 'node:tls'
import { problem, type Problem } from '../../problem/problem.ts'
import type { Parameters, TlsMode, TlsSettings } from '../../url/target.ts'
import { readParameters } from './parameters.ts'
import type { TlsAttempt, TlsMaterial } from './server-dialect.ts'

/** How a connection is encrypted: each way in turn, until one works. */
export interface TlsPlan {
  readonly attempts: readonly TlsAttempt[]
  readonly material: TlsMaterial
}

/** libpq's meaning of each mode (PostgreSQL documentation, libpq, "SSL Mode Descriptions"). */
const attempts: Readonly<Record<TlsMode, readonly TlsAttempt[]>> = {
  disable: ['none'],
  allow: ['none', 'unverified'],
  prefer: ['unverified', 'none'],
  require: ['unverified'],
  'verify-ca': ['verify-ca'],
  'verify-full': ['verify-full'],
}

const parameterNames = { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey', crl: 'sslcrl' } as const
type FileName = keyof typeof parameterNames

/**
 * What is made of each file. It throws where a text is not what it should be: found now, that has a name; at the first connection
 * it would have none. A key is decrypted here, so that no driver holds its password.
 */
const readers: Readonly<Record<FileName, (text: string, passphrase: string) => string>> = {
  ca: certificate,
  cert: certificate,
  key: (key, passphrase) =>
    createPrivateKey({ key, passphrase }).export({ type: 'pkcs8', format: 'pem' }).toString(),
  crl: (crl) => createSecureContext({ crl }) && crl,
}

function certificate(text: string): string {
  void new X509Certificate(text)
  return text
}

/** Reads what the URL says about TLS, and the files that it names. A URL that says nothing prefers TLS. */
export function planTls(
  tls: TlsSettings | undefined,
  params: Parameters,
  subject: string,
): TlsPlan | { readonly problem: Problem } {
  const texts = readParameters(params)
  // "system" means the authorities that Node trusts, and libpq then checks the name too.
  const system = tls?.ca === 'system'
  const passphrase = texts.get('sslpassword') ?? ''
  const paths = { ca: system ? undefined : tls?.ca, cert: tls?.cert, key: tls?.key, crl: texts.get('sslcrl') }
  const files: Partial<Record<FileName, string>> = {}
  for (const [name, path] of Object.entries(paths) as [FileName, string | undefined][]) {
    if (path === undefined) continue
    const text = readFile(path, (text) => readers[name](text, passphrase))
    if (text === undefined) return { problem: unreadable(name, subject) }
    files[name] = text
  }
  const material = { ...files, ...readVersions(texts) }
  return { attempts: attempts[effectiveMode(tls, system)], material }
}

/** As in libpq, `require` with an authority checks it. */
function effectiveMode(tls: TlsSettings | undefined, system: boolean): TlsMode {
  if (tls === undefined) return 'prefer'
  if (system) return 'verify-full'
  return tls.mode === 'require' && tls.ca !== undefined ? 'verify-ca' : tls.mode
}

function readFile(path: string, read: (text: string) => string): string | undefined {
  try {
    return read(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function unreadable(name: FileName, subject: string): Problem {
  return problem('invalid-parameter', {
    subject,
    parameter: parameterNames[name],
    expected: 'the path of a PEM file that this program can read',
  })
}

/** libpq and Node write the versions of TLS in the same way. */
function readVersions(texts: ReadonlyMap<string, string>): Pick<TlsMaterial, 'minVersion' | 'maxVersion'> {
  const isVersion = (text: string | undefined): text is SecureVersion => /^TLSv1(\.[1-3])?$/.test(text ?? '')
  const [minVersion, maxVersion] = ['min', 'max'].map((end) => texts.get(`ssl_${end}_protocol_version`))
  return { ...(isVersion(minVersion) && { minVersion }), ...(isVersion(maxVersion) && { maxVersion }) }
}
