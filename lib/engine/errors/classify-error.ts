import { problemCatalogue } from '../../problem/catalogue.ts'
import type { Policy } from '../../problem/policy.ts'
import { problem, type Problem } from '../../problem/problem.ts'
import type { FallbackReason } from '../../problem/reason.ts'
import { problemOf, ProblemError } from '../problem-error.ts'
import { causeOf, describeCause } from './describe-cause.ts'
import { findMeaning, type Meaning } from './find-meaning.ts'
import type { ConnectionCode, Situation } from './refusal.ts'
import type { Redact } from './server-words.ts'

/** A problem, and what follows from it. */
export type ClassifiedError = Problem & {
  /** What is at fault: the network or the server, the settings, the statement, or nobody knows. */
  readonly kind: Policy['kind']
  /** Whether the same attempt may succeed later, with nothing changed here. */
  readonly retryable: boolean
  /** The reason that it gives for a fallback; absent if the connection is fine. */
  readonly reason?: FallbackReason
}

/** What is known of the place where an error came from. */
export interface ErrorContext extends Situation {
  /** The subject of the message, such as the redacted URL. Default: `The database`. */
  readonly target?: string
  /** The name of the database system. */
  readonly dialect?: string
  /** Names the failure more precisely for this platform, and adds advice to its hint. */
  readonly refine?: (code: ConnectionCode) => { readonly code: ConnectionCode; readonly advice: string }
  /** Takes the secrets of the place out of what a server says. */
  readonly redact?: Redact
  /** Further words of this place, such as the dates of a certificate. */
  readonly words?: Readonly<Record<string, string>>
}

/**
 * Names what went wrong, whatever driver the error comes from, also if its code was lost on the way.
 *
 * @param error - what was thrown: an error of pg, mysql2, a SQLite driver, knex, Objection or Node, or anything else.
 * @returns a problem with a stable code and without secrets; `unknown-error` if the error is of no known kind.
 *
 * @example
 * ```ts
 * classifyError(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })).code // 'connection-refused'
 * ```
 */
export function classifyError(error: unknown): ClassifiedError {
  return classify(error)
}

/** {@link classifyError} with what is known of the place. */
export function classify(error: unknown, context: ErrorContext = {}): ClassifiedError {
  const meaning = findMeaning(error, context, context.redact)
  if (meaning instanceof ProblemError) return explain(problemOf(meaning))
  const cause = meaning.from ? causeOf(meaning.from) : describeCause(error, context.redact)
  return explain({ ...describe(meaning.is, context, meaning), ...(cause.message !== '' && { cause }) })
}

/** A problem of this code, in the words of this place. */
export function describe(
  code: ConnectionCode,
  context: ErrorContext = {},
  meaning: Partial<Meaning> = {},
): Problem {
  const refined = context.refine?.(code) ?? { code, advice: '' }
  const values = {
    target: context.target ?? 'The database',
    dialect: context.dialect ?? 'database',
    advice: refined.advice,
    ...defaultWords,
    ...context.words,
    ...meaning.named,
  }
  const usual = problem(refined.code, values)
  return {
    ...usual,
    ...(meaning.message && { message: fill(meaning.message, values) }),
    ...(meaning.hint && { hint: fill(meaning.hint, values) }),
  }
}

/** What is said where the place knows no better. */
const defaultWords = {
  authority:
    "Name the provider's CA file with sslrootcert=…, or use sslmode=require to encrypt without checking.",
  until: '',
  from: '',
}

function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '…').trimEnd()
}

/** The problem alone. */
export function problemIn({
  kind: _kind,
  retryable: _retryable,
  reason: _reason,
  ...found
}: ClassifiedError): Problem {
  return found
}

function explain(found: Problem): ClassifiedError {
  const { reason, kind, retryable } = problemCatalogue[found.code]
  return kind === 'query' ? { ...found, kind, retryable } : { ...found, kind, retryable, reason }
}
