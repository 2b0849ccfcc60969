import { severities, type Policy, type Sentences, type TextSeverity, type Texts } from './policy.ts'
import type { FallbackReason } from './reason.ts'
import { serverProblems } from './server-problems.ts'
import { sqliteProblems } from './sqlite-problems.ts'
import { textProblems } from './text-problems.ts'

/** The stable name of a problem. Each is explained in `docs/problems.md`. */
export type ProblemCode =
  keyof typeof textProblems | keyof typeof serverProblems | keyof typeof sqliteProblems

/** What is known of a problem before it occurs. `{name}` in a text is filled in when it does. */
export interface ProblemDescription extends Policy, Sentences {
  /** Whether the text is refused (`problem`), or the problem is only reported beside the result (`warning`). */
  readonly severity: {
    /** Without `strict`. */
    readonly lenient: 'problem' | 'warning'
    /** With `strict`. */
    readonly strict: 'problem' | 'warning'
  }
  /** What is said if a value that `message` or `hint` needs is not known. */
  readonly otherwise?: Sentences
}

type Rows<Row> = Readonly<Record<string, Row & Texts & { readonly severity?: TextSeverity }>>

/** What follows from a text: it is put right where it was written, and no server was asked. */
const ofTexts: Policy = {
  reason: 'malformed',
  kind: 'configuration',
  retryable: false,
  pace: 'away',
  proves: 'nothing',
  file: 'kept',
}

// Each table says in its rows what differs from row to row: a new row without it does not compile.
const rows: Rows<Partial<Policy>> = {
  ...(textProblems satisfies Rows<Partial<Policy>>),
  ...(serverProblems satisfies Rows<Omit<Policy, 'file'>>),
  ...withReason('unreachable', sqliteProblems satisfies Rows<Omit<Policy, 'reason'>>),
}

function withReason(reason: FallbackReason, table: Rows<Partial<Policy>>): Rows<Partial<Policy>> {
  return Object.fromEntries(Object.entries(table).map(([code, row]) => [code, { ...row, reason }]))
}

/**
 * Every problem that the library can report, by code, with what follows from it.
 *
 * @example
 * ```ts
 * problemCatalogue['connection-refused'].reason // 'unreachable'
 * problemCatalogue['connection-refused'].proves // 'unreached'
 * ```
 */
export const problemCatalogue: Readonly<Record<ProblemCode, ProblemDescription>> = Object.freeze(
  Object.fromEntries(
    Object.entries(rows).map(([code, row]) => [
      code,
      Object.freeze({ ...ofTexts, ...row, severity: severities[row.severity ?? 'refused'] }),
    ]),
  ),
) as Readonly<Record<ProblemCode, ProblemDescription>>
