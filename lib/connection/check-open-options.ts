import { engineOptions } from '../engine/check-engine-options.ts'
import { longestMs } from '../engine/time.ts'
import { resolveOptions } from '../resolve/check-options.ts'
import {
  aFunction,
  anObject,
  aString,
  between,
  checkOptions,
  oneOf,
  type OptionChecks,
} from '../url/option-checks.ts'
import type { OpenOptions } from './database.ts'

const openOptions: OptionChecks<OpenOptions> = {
  ...resolveOptions,
  ...engineOptions,
  config: anObject,
  bootDeadlineMs: between(1, longestMs),
  prepare: aFunction,
  prepareUrl: aString,
  returnToPrimary: oneOf(['when-clean', 'manual']),
}

/**
 * Checks the options: a wrong one, or one that does not exist, is a programmer's mistake.
 *
 * @throws TypeError that names the option.
 */
export function checkOpenOptions(options: OpenOptions): void {
  checkOptions('options', options, openOptions)
}
