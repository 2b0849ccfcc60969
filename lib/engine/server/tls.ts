import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import { problem, type Problem } from '../../problem/problem.ts'
import type { TlsChoice } from '../../url/settings.ts'
import type { TlsMode } from '../../url/target.ts'
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
const fileNames = Object.keys(parameterNames) as readonly FileName[]

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

/** Reads the files that a URL names. */
export function planTls(choice: TlsChoice, subject: string): TlsPlan | { readonly problem: Problem } {
  const { mode, passphrase, minVersion, maxVersion } = choice
  const files: Partial<Record<FileName, string>> = {}
  for (const name of fileNames) {
    const path = choice[name]
    if (path === undefined) continue
    const text = readFile(path, (text) => readers[name](text, passphrase?.reveal() ?? ''))
    if (text === undefined) return { problem: unreadable(name, subject) }
    files[name] = text
  }
  const versions = { ...(minVersion && { minVersion }), ...(maxVersion && { maxVersion }) }
  return { attempts: attempts[mode], material: { ...files, ...versions } }
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
