import { deepFreeze } from '../url/deep-freeze.ts'
import type { DatabaseConfig, TraceStep } from './config.ts'
import { labelWidth } from './explain.ts'

/**
 * The same decision, with what was found out after it was made.
 *
 * @param config - the decision.
 * @param steps - what was looked at since.
 */
export function appendTrace(config: DatabaseConfig, steps: readonly TraceStep[]): DatabaseConfig {
  if (steps.length === 0) return config
  const lines = steps.map(({ outcome, subject, why }) => `${outcome.padEnd(labelWidth)}${subject}: ${why}`)
  const explain = (): string => [config.explain(), ...lines].join('\n')
  return deepFreeze({ ...config, trace: [...config.trace, ...steps], explain })
}
