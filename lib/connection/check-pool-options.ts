import { engineOptions } from '../engine/check-engine-options.ts'
import { longestMs } from '../engine/time.ts'
import { resolveOptions } from '../resolve/check-options.ts'
import { between, checkOptions, type OptionChecks } from '../url/option-checks.ts'
import type { PoolOptions } from './pool-database.ts'

const { strategy: _strategy, sqlite: _sqlite, ...resolving } = resolveOptions
const { sqliteDriver: _sqliteDriver, knex: _knex, ...pooling } = engineOptions

const poolOptions: OptionChecks<PoolOptions> = {
  ...resolving,
  ...pooling,
  bootDeadlineMs: between(1, longestMs),
}

/**
 * Checks the options: a wrong one, or one that does not exist, is a programmer's mistake.
 *
 * @throws TypeError that names the option.
 */
export function checkPoolOptions(options: PoolOptions): void {
  checkOptions('options', options, poolOptions)
}
