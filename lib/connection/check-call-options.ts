import { anAbortSignal, between, checkOptions, type OptionChecks } from '../url/option-checks.ts'

interface ConnectOptions {
  readonly signal?: AbortSignal
}

interface BoundOptions {
  readonly timeoutMs?: number
}

const connectOptions: OptionChecks<ConnectOptions> = { signal: anAbortSignal }

const boundOptions: OptionChecks<BoundOptions> = { timeoutMs: between(0, Infinity) }

/**
 * Checks what `connect` was given.
 *
 * @throws TypeError that names the option.
 */
export function checkConnectOptions(options: ConnectOptions): void {
  checkOptions('options', options, connectOptions)
}

/**
 * Checks what `check` and `close` were given.
 *
 * @throws TypeError that names the option.
 */
export function checkBoundOptions(options: BoundOptions): void {
  checkOptions('options', options, boundOptions)
}
