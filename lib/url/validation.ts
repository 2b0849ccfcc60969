import type { Problem } from '../problem/problem.ts'
import type { DatabaseTarget } from './target.ts'

/** What became of a text: a target, or every problem that it has. */
export type UrlValidation =
  | {
      /** It can be used. */
      readonly valid: true
      /** What the text points at. */
      readonly target: DatabaseTarget
      /** What was repaired, or is odd. */
      readonly warnings: readonly Problem[]
      /** The canonical URL with its secrets masked. */
      readonly redacted: string
    }
  | {
      /** It cannot be used. */
      readonly valid: false
      /** Everything that keeps it from being read, in the order in which it was found. */
      readonly problems: readonly [Problem, ...Problem[]]
      /** What was repaired, or is odd. */
      readonly warnings: readonly Problem[]
      /** No more than the scheme of a text that could not be read. */
      readonly redacted: string
    }

/** How strictly {@link validateUrl} reads. */
export interface ValidateUrlOptions {
  /** Refuse what could be repaired. Default: `false`. */
  readonly strict?: boolean
}
