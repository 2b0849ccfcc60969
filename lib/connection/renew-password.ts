import type { ManagedEngine } from '../engine/managed-engine.ts'
import { problemCatalogue } from '../problem/catalogue.ts'
import type { Problem } from '../problem/problem.ts'
import { decideConfig } from '../resolve/resolve-database-config.ts'
import type { SettledOptions } from './database.ts'

/** Whether a problem can come from a password that was changed at its source. */
export function isRefusedLogin({ code }: Problem): boolean {
  return problemCatalogue[code].reason === 'auth'
}

/**
 * Looks whether a password that was refused has changed in the secret file that it came from, as it does when secrets are
 * rotated, and has new connections use it.
 */
export function renewPassword(engine: ManagedEngine, found: Problem, options: SettledOptions): void {
  if (options.config || !isRefusedLogin(found)) return
  const again = decideConfig(options)
  if (again.kind !== 'primary' || again.target.dialect === 'sqlite') return
  engine.setPassword(again.target.password?.reveal() ?? '')
}
