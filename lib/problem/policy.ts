import type { FallbackReason } from './reason.ts'

/** What follows from a problem, whatever its words. */
export interface Policy {
  /** The reason that it gives for a fallback. */
  readonly reason: FallbackReason
  /** What is at fault: the network or the server, the settings, one statement, or nobody knows. */
  readonly kind: 'connection' | 'configuration' | 'query' | 'unknown'
  /** Whether the same attempt may succeed later, with nothing changed here. Whether it is made depends on where the problem came from, not on this. */
  readonly retryable: boolean
  /**
   * When the next attempt follows. `away`: within seconds. `passing`: also while the program still boots. `rejected`: after up to five
   * minutes, so that no account is locked.
   */
  readonly pace: 'passing' | 'away' | 'rejected'
  /** What it proves of the server: that nobody was reached, that it fails, that it works, or nothing at all. */
  readonly proves: 'unreached' | 'failing' | 'working' | 'nothing'
  /**
   * What becomes of a SQLite file that exists. `kept`: it may hold good rows, and no other file is used in its place. `unusable`: another
   * file may be used. `damaged`: another file may be used, and the damage is reported.
   */
  readonly file: 'kept' | 'unusable' | 'damaged'
}

/** Words for a person; `{name}` is filled in when the problem occurs. */
export interface Sentences {
  /** One sentence: the subject, then what is wrong. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
}

/** Words, and others for where a value that they need is not known. */
export interface Texts extends Sentences {
  readonly otherwise?: Sentences
}

/** How serious a problem of a text is, without and with `strict`. */
export const severities = {
  refused: { lenient: 'problem', strict: 'problem' },
  repaired: { lenient: 'warning', strict: 'problem' },
  noted: { lenient: 'warning', strict: 'warning' },
} as const

/** The name of a severity. */
export type TextSeverity = keyof typeof severities
