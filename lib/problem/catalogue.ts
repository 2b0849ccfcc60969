import type { FallbackReason } from './reason.ts'
import { serverProblems } from './server-problems.ts'
import { sqliteProblems } from './sqlite-problems.ts'
import { textProblems } from './text-problems.ts'

/** The stable name of a problem. Each is explained in `docs/problems.md`. */
export type ProblemCode =
  keyof typeof textProblems | keyof typeof serverProblems | keyof typeof sqliteProblems

/** What is known of a problem before it occurs. `{name}` in a text is filled in when it does. */
export interface ProblemDescription {
  /** Whether it refuses the text, without and with `strict`, or is reported beside a result. */
  readonly severity: { readonly lenient: 'problem' | 'warning'; readonly strict: 'problem' | 'warning' }
  /** The reason that it gives for a fallback. */
  readonly reason: FallbackReason
  /** Whether the same attempt may succeed later, with nothing changed here. */
  readonly retryable: boolean
  readonly message: string
  readonly hint: string
}

interface Row {
  readonly severity?: keyof typeof severities
  readonly reason?: FallbackReason
  readonly retryable?: boolean
  readonly message: string
  readonly hint: string
}

const severities = {
  refused: { lenient: 'problem', strict: 'problem' },
  repaired: { lenient: 'warning', strict: 'problem' },
  noted: { lenient: 'warning', strict: 'warning' },
} as const

function describe(
  rows: Readonly<Record<string, Row>>,
  reason: FallbackReason,
): [string, ProblemDescription][] {
  return Object.entries(rows).map(([code, row]) => [
    code,
    { reason, retryable: false, ...row, severity: severities[row.severity ?? 'refused'] },
  ])
}

/**
 * Every problem that the library can report, by code.
 *
 * @example
 * ```ts
 * problemCatalogue['connection-refused'].reason // 'unreachable'
 * ```
 */
export const problemCatalogue: Readonly<Record<ProblemCode, ProblemDescription>> = Object.freeze(
  Object.fromEntries([
    ...describe(textProblems, 'malformed'),
    ...describe(serverProblems, 'unreachable'),
    ...describe(sqliteProblems, 'unreachable'),
  ]),
) as Readonly<Record<ProblemCode, ProblemDescription>>
