import { statSync } from 'node:fs'
import type { SupervisedEngine } from '../engine/managed-engine.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import { pauseOf } from '../engine/server/logins.ts'
import type { Problem } from '../problem/problem.ts'
import type { DatabaseConfig } from '../resolve/config.ts'
import { decideConfig } from '../resolve/resolve-database-config.ts'
import { formatUrl } from '../url/format-url.ts'
import type { SettledOptions } from './database.ts'

/** Whether a problem can come from a password that was changed at its source: of several hosts, one may have refused it. */
export function isRefusedLogin({ code }: Problem): boolean {
  return problemCatalogue[code].reason === 'auth' || code === 'no-suitable-host'
}

/**
 * Looks whether a login that was refused has changed in the secret file that it came from, as it does when secrets are
 * rotated, and has new connections use it.
 */
export function renewLogin(engine: SupervisedEngine, found: Problem, options: SettledOptions): void {
  if (options.config || !isRefusedLogin(found)) return
  const again = decideConfig(options)
  if (again.kind !== 'primary' || again.target.dialect === 'sqlite') return
  const { user, password } = again.target
  engine.setLogin({ user, password: password?.reveal() ?? '' })
}

/** What the next try of a login that was refused depends on. */
export interface LoginWatch {
  /** For how long the program is not asked for another one, in milliseconds: a try before that finds the same. */
  readonly pauseMs: number
  /** Tells, each time it is asked, whether a secret file or a certificate's file has changed since the watch began. */
  readonly hasChanged: () => boolean
}

/** Begins to watch what a login is made of. */
export function watchLogin(options: SettledOptions): LoginWatch {
  const before = stampOf(options)
  return { pauseMs: pauseOf(options.credentials), hasChanged: () => stampOf(options) !== before }
}

/** Differs when what a login is made of does. It holds secrets, and leaves this file in no form. */
function stampOf(options: SettledOptions): string {
  const config: DatabaseConfig = options.config ?? decideConfig(options)
  if (config.kind !== 'primary' || config.target.dialect === 'sqlite') return config.kind
  const { tls, params } = config.target
  const files = [tls?.ca, tls?.cert, tls?.key, params['sslcrl']]
  return [formatUrl(config.target, { reveal: true }), ...files.map((file) => stampOfFile(file))].join('\n')
}

function stampOfFile(path: unknown): string {
  if (typeof path !== 'string') return ''
  try {
    const { mtimeMs, size, ino } = statSync(path)
    return `${mtimeMs} ${size} ${ino}`
  } catch {
    return 'absent'
  }
}
