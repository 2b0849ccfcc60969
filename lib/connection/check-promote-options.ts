import { conflictPolicies, type PromoteOptions } from '../promote/report.ts'
import { aBoolean, checkOptions, oneOf, type OptionChecks } from '../url/option-checks.ts'

const promoteOptions: OptionChecks<PromoteOptions> = {
  dryRun: aBoolean,
  onConflict: oneOf(conflictPolicies),
}

/**
 * Checks how a promotion is to be done.
 *
 * @throws TypeError that names the option.
 */
export function checkPromoteOptions(options: PromoteOptions): void {
  checkOptions('options', options, promoteOptions)
}
