import { readFileSync } from 'node:fs'
import { problem, type Problem } from '../../problem/problem.ts'
import type { TlsMode, TlsSettings } from '../../url/target.ts'
import type { TlsAttempt, TlsFiles } from './server-dialect.ts'

/** How a connection is encrypted: each way in turn, until one works. */
export interface TlsPlan {
  readonly attempts: readonly TlsAttempt[]
  readonly files: TlsFiles
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

/** Reads what the URL says about TLS, and the files that it names. A URL that says nothing prefers TLS. */
export function planTls(
  tls: TlsSettings | undefined,
  subject: string,
): TlsPlan | { readonly problem: Problem } {
  const files: Record<string, string> = {}
  // "system" means the authorities that Node trusts, and libpq then checks the name too.
  const system = tls?.ca === 'system'
  for (const [name, path] of [
    ['ca', system ? undefined : tls?.ca],
    ['cert', tls?.cert],
    ['key', tls?.key],
  ] as const) {
    if (path === undefined) continue
    const text = readText(path)
    if (text === undefined) return { problem: unreadable(name, subject) }
    files[name] = text
  }
  return { attempts: attempts[effectiveMode(tls, system)], files }
}

/** As in libpq, `require` with an authority checks it. */
function effectiveMode(tls: TlsSettings | undefined, system: boolean): TlsMode {
  if (tls === undefined) return 'prefer'
  if (system) return 'verify-full'
  return tls.mode === 'require' && tls.ca !== undefined ? 'verify-ca' : tls.mode
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

const parameterNames = { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' } as const

function unreadable(name: keyof typeof parameterNames, subject: string): Problem {
  return problem('invalid-parameter', {
    subject,
    parameter: parameterNames[name],
    expected: 'the path of a PEM file that this program may read',
  })
}
