import type { FallbackReason } from './reason.ts'

/** What follows from a problem, whatever its words. */
export interface Policy {
  /** The reason that it gives for a fallback. */
  readonly reason: FallbackReason
  /** Whose matter it is: of the network and the server, of the settings, of one statement, or nobody knows. */
  readonly kind: 'connection' | 'configuration' | 'query' | 'unknown'
  /** Whether the same attempt may succeed later, with nothing changed here. It does not say whether it is made: that follows from where a problem came from. */
  readonly retryable: boolean
  /**
   * How the attempts follow one another: `passing` is tried again while the program boots, then as `away`, within seconds; `rejected`
   * is tried again at a distance, so that no account is locked.
   */
  readonly pace: 'passing' | 'away' | 'rejected'
  /** What it proves of the server: that nobody was reached, that it fails, that it works, or nothing at all. */
  readonly proves: 'unreached' | 'failing' | 'working' | 'nothing'
  /**
   * What it says of a SQLite file that exists: a `kept` one may hold good rows, and is never passed over for another; an `unusable` one
   * may be; a `damaged` one too, and is reported.
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
