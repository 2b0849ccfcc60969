/**
 * `error`: it will not build, not boot or not be reached, and the folder proves it; `warning`: likely trouble, or a secret that is
 * published; `note`: advice, or what cannot be checked here. A note changes no exit code.
 */
export type Severity = 'error' | 'warning' | 'note'

/** What is known of a finding before it is made. `{name}` in a text is filled in when it is. */
export interface FindingDescription {
  readonly severity: Severity
  readonly message: string
  readonly hint: string
  /** What to paste or to run. */
  readonly fix?: string
}
