import { checkEngineOptions, expectBetween, expectFunction } from '../engine/check-engine-options.ts'
import { longestMs } from '../engine/time.ts'
import { checkOptions } from '../resolve/check-options.ts'
import type { OpenOptions } from './database.ts'

/**
 * Checks the types of the options: a wrong one is a programmer's mistake.
 *
 * @throws TypeError that names the option.
 */
export function checkOpenOptions(options: OpenOptions): void {
  checkOptions(options)
  checkEngineOptions(options)
  expectBetween('options.bootDeadlineMs', options.bootDeadlineMs, 1, longestMs)
  expectFunction('options.prepare', options.prepare)
}
