import type { Problem } from '../../problem/problem.ts'
import type { TlsChoice } from '../../url/settings.ts'
import type { TlsMode } from '../../url/target.ts'
import type { LogEvent } from '../engine.ts'
import type { TlsAttempt, TlsMaterial } from './server-dialect.ts'
import { TlsFiles } from './tls-files.ts'

/** How a connection is encrypted: each way in turn, until one works. */
export interface TlsPlan {
  readonly attempts: readonly TlsAttempt[]
  /** What the files of the URL hold now. */
  readonly files: { readonly material: TlsMaterial }
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

/** Reads the files that a URL names. */
export function planTls(
  choice: TlsChoice,
  subject: string,
  log?: (event: LogEvent) => void,
): TlsPlan | { readonly problem: Problem } {
  const files = new TlsFiles(choice, log)
  const unusable = files.open(subject)
  return unusable ? { problem: unusable } : { attempts: attempts[choice.mode], files }
}
