import { problem, type Problem } from '../problem/problem.ts'
import type { FallbackReason } from '../problem/reason.ts'
import { cleanValue } from '../url/clean.ts'
import { Findings } from '../url/findings.ts'
import { isBlank, printable, type Environment } from './environment.ts'

/** The strategies that have a name. */
export const strategyNames: readonly ['always', 'unconfigured', 'never'] = ['always', 'unconfigured', 'never']

/**
 * When SQLite may stand in for the configured database.
 *
 * - `always`: for every reason but `read-only`;
 * - `unconfigured`: only if nothing is configured; a variable that is set but empty counts as configured;
 * - `never`: there is no SQLite at all;
 * - a record decides by reason; a reason that it does not name waits, but a read-only database is then used as it is.
 */
export type FallbackStrategy =
  'always' | 'unconfigured' | 'never' | Readonly<Partial<Record<FallbackReason, 'fallback' | 'wait'>>>

/**
 * Tells whether a strategy lets SQLite stand in for the database.
 *
 * @example
 * ```ts
 * fallsBack('unconfigured', 'missing') // true
 * fallsBack({ auth: 'fallback' }, 'missing') // false
 * ```
 */
export function fallsBack(strategy: FallbackStrategy, reason: FallbackReason): boolean {
  switch (strategy) {
    case 'always':
      return reason !== 'read-only'
    case 'unconfigured':
      return reason === 'missing'
    case 'never':
      return false
    default:
      return Object.hasOwn(strategy, reason) && strategy[reason] === 'fallback'
  }
}

/** A strategy and where it comes from. */
export interface ChosenStrategy {
  readonly strategy: FallbackStrategy
  /** For a person, such as `SPACE_ID is set`. */
  readonly why: string
  readonly warnings: readonly Problem[]
}

/**
 * Chooses the strategy: the option, else `DATABASE_FALLBACK`, else by environment.
 *
 * @returns the strategy, with a `fallback-variable` warning where the variable has an unknown value.
 */
export function chooseStrategy(env: Environment, option: FallbackStrategy | undefined): ChosenStrategy {
  if (option !== undefined) {
    const strategy = typeof option === 'string' ? option : { ...option }
    return { strategy, why: 'the program asks for it', warnings: [] }
  }
  const value = env['DATABASE_FALLBACK']
  if (isBlank(value)) return { ...defaultStrategy(env), warnings: [] }
  const found = new Findings('DATABASE_FALLBACK', false)
  const text = cleanValue(String(value), found)
  const name = strategyNames.find((known) => known === text)
  if (name) return { strategy: name, why: 'DATABASE_FALLBACK says so', warnings: found.warnings }
  const warning = problem('fallback-variable', { value: printable(value) })
  return { ...defaultStrategy(env), warnings: [warning] }
}

function defaultStrategy(env: Environment): { strategy: FallbackStrategy; why: string } {
  if (!isBlank(env['SPACE_ID'])) {
    return { strategy: 'always', why: 'the default on a Hugging Face Space: SPACE_ID is set' }
  }
  const mode = isBlank(env['NODE_ENV']) ? '' : String(env['NODE_ENV']).trim()
  if (mode === 'development' || mode === 'test') {
    return { strategy: 'always', why: `the default where NODE_ENV is ${mode}` }
  }
  if (mode === 'production') {
    return { strategy: 'never', why: 'the default where NODE_ENV is production' }
  }
  if (!isBlank(env['KUBERNETES_SERVICE_HOST'])) {
    return {
      strategy: 'never',
      why: 'the default on Kubernetes, where several replicas would have several files',
    }
  }
  return { strategy: 'unconfigured', why: 'the default' }
}
