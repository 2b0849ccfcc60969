import type { FallbackReason } from '../problem/reason.ts'
import type { ResolveOptions, SqliteOptions } from './config.ts'
import {
  anObject,
  aString,
  between,
  checkOptions,
  expect,
  objectOf,
  oneOf,
  strings,
  type OptionCheck,
  type OptionChecks,
} from '../url/option-checks.ts'
import { strategyNames } from './strategy.ts'

const action = oneOf(['fallback', 'wait'])

const byReason = objectOf<Record<FallbackReason, unknown>>({
  missing: action,
  empty: action,
  malformed: action,
  unsupported: action,
  driver: action,
  unreachable: action,
  auth: action,
  'database-missing': action,
  tls: action,
  'read-only': action,
})

const strategy: OptionCheck = (name, value) => {
  if (strategyNames.some((each) => each === value)) return
  const expected = `one of ${strategyNames.join(', ')}, or a record by reason`
  expect(typeof value === 'object' && value !== null, name, expected, value)
  byReason(name, value)
}

/** What each option of `resolveDatabaseConfig` may be. */
export const resolveOptions: OptionChecks<ResolveOptions> = {
  env: anObject,
  url: aString,
  variables: strings,
  strategy,
  sqlite: objectOf<SqliteOptions>({
    filename: aString,
    directories: strings,
    replica: aString,
    replicaIntervalMs: between(10, 86_400_000),
  }),
  cwd: aString,
}

/** Checks what `resolveDatabaseConfig` was given. */
export function checkResolveOptions(options: ResolveOptions): void {
  checkOptions('options', options, resolveOptions)
}
