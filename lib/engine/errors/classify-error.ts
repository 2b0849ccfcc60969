import { problemCatalogue } from '../../problem/catalogue.ts'
import type { Policy } from '../../problem/policy.ts'
import { problem, type Problem } from '../../problem/problem.ts'
import type { FallbackReason } from '../../problem/reason.ts'
import { problemOf, ProblemError } from '../problem-error.ts'
import { readError } from './describe-cause.ts'
import {
  messageRules,
  mysqlRules,
  networkRules,
  postgresRules,
  sqliteRules,
  type ConnectionCode,
  type Meaning,
} from './rules.ts'

/** A problem, and what follows from it. */
export type ClassifiedError = Problem & {
  /** Whose matter it is: of the network and the server, of the settings, of the statement, or nobody knows. */
  readonly kind: Policy['kind']
  /** Whether the same attempt may succeed later. */
  readonly retryable: boolean
  /** The reason that it gives for a fallback; absent where the connection is fine. */
  readonly reason?: FallbackReason
}

/** What is known of the place where an error came from. */
export interface ErrorContext {
  /** The subject of the message, such as the redacted URL. Default: `The database`. */
  readonly target?: string
  /** The name of the database system. */
  readonly dialect?: string
  /** Names the failure more precisely for this platform, and adds advice to its hint. */
  readonly refine?: (code: ConnectionCode) => { readonly code: ConnectionCode; readonly advice: string }
}

/**
 * Names what went wrong, whatever driver the error comes from, also where its code was lost on the way.
 *
 * @param error - what was thrown: an error of pg, mysql2, a SQLite driver, knex, Objection or Node, or anything else.
 * @returns a problem with a stable code and without secrets; `unknown-error` where nothing is known.
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
  const known = causes(error).find((cause): cause is ProblemError => cause instanceof ProblemError)
  return explain(known ? problemOf(known) : describe(findCode(error), context))
}

/** A problem of this code, in the words of this place. */
export function describe(code: ConnectionCode, context: ErrorContext = {}): Problem {
  const refined = context.refine?.(code) ?? { code, advice: '' }
  return problem(refined.code, {
    target: context.target ?? 'The database',
    dialect: context.dialect ?? 'database',
    advice: refined.advice,
  })
}

function explain(found: Problem): ClassifiedError {
  const { reason, kind, retryable } = problemCatalogue[found.code]
  return kind === 'query' ? { ...found, kind, retryable } : { ...found, kind, retryable, reason }
}

/** The error and what it wraps, innermost first: knex, Objection and Node each keep the root in another place. */
function causes(error: unknown, depth = 0): unknown[] {
  if (typeof error !== 'object' || error === null || depth > 8) return [error]
  const { cause, nativeError, errors } = error as { cause?: unknown; nativeError?: unknown; errors?: unknown }
  const inner = [cause, nativeError, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]
  return [...inner.filter((each) => each !== undefined).flatMap((each) => causes(each, depth + 1)), error]
}

function findCode(error: unknown): ConnectionCode {
  const chain = causes(error).map(readError)
  // Of several addresses of one host, that one cannot be reached says less than what the others answered.
  const reached = chain.filter(
    ({ code }) => code === undefined || networkRules[code] !== 'network-unreachable',
  )
  return (
    first(reached, byCode) ??
    first(chain, byCode) ??
    first(chain, byMessage) ??
    first(chain, byFamily) ??
    'unknown-error'
  )
}

type Read = ReturnType<typeof readError>

function first(
  chain: readonly Read[],
  look: (error: Read) => ConnectionCode | undefined,
): ConnectionCode | undefined {
  for (const error of chain) {
    const code = look(error)
    if (code) return code
  }
  return undefined
}

function byCode({ code, message }: Read): ConnectionCode | undefined {
  if (code === undefined) return undefined
  const primary = /^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code
  const meaning: Meaning | undefined =
    networkRules[code] ?? postgresRules[code] ?? mysqlRules[code] ?? sqliteRules[primary]
  if (meaning === undefined || typeof meaning === 'string') return meaning
  return meaning.find(([pattern]) => pattern.test(message))?.[1]
}

const databaseCode = /^(ER_|SQLITE_|(?=.*\d)[0-9A-Z]{5}$)/

function byMessage({ code, message }: Read): ConnectionCode | undefined {
  if (code !== undefined && databaseCode.test(code)) return undefined
  return messageRules.find(([pattern]) => pattern.test(message))?.[1]
}

/** A server's or SQLite's own code that means nothing else speaks of the statement. */
function byFamily({ code }: Read): ConnectionCode | undefined {
  return code !== undefined && databaseCode.test(code) ? 'query-failed' : undefined
}
