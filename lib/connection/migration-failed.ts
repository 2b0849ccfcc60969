import { describeCause } from '../engine/errors/describe-cause.ts'
import type { ManagedEngine } from '../engine/managed-engine.ts'
import { problem, type Problem } from '../problem/problem.ts'

/** knex lets one program migrate at a time, and keeps the lock of one that was ended meanwhile. */
const lockedHint =
  'Another program migrates now, or was ended while it did. Where none does, release the lock: npx knex migrate:unlock'

/** Why a database could not be prepared. */
export function migrationFailed({ info, redact }: ManagedEngine, error: unknown): Problem {
  const cause = describeCause(error, redact)
  const found = problem('migration-failed', { target: info.target, cause: cause.message }, { cause })
  return cause.name === 'MigrationLocked' ? { ...found, hint: lockedHint } : found
}
