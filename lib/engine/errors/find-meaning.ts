import { mysqlErrors } from '../mysql/errors.ts'
import { postgresErrors } from '../postgres/errors.ts'
import { ProblemError } from '../problem-error.ts'
import { sqliteErrors } from '../sqlite/errors.ts'
import { commonWords } from './common-words.ts'
import { driverErrors, unreadable } from './driver-errors.ts'
import { networkErrors } from './network-errors.ts'
import { endsLogin, recognize, type Recognized, type Refusal, type Situation } from './refusal.ts'
import { readWords, type Redact, type ServerWords } from './server-words.ts'
import { tlsErrors } from './tls-errors.ts'

/** What an error means, and which of the errors inside it says so. */
export interface Meaning extends Recognized {
  readonly from?: ServerWords
}

/** Finds what an error means; a problem that has a name already keeps it. */
export function findMeaning(error: unknown, situation: Situation, redact?: Redact): Meaning | ProblemError {
  const causes = causesOf(error)
  const known = causes.find((cause): cause is ProblemError => cause instanceof ProblemError)
  if (known) return known
  const chain = causes.map((cause) => readWords(cause, redact))
  const look = (rows: (words: ServerWords) => readonly Refusal[]) => (words: ServerWords) =>
    recognize(rows(words), words, situation)
  const byCode = look(rowsFor)
  // Of several addresses of one host, that one cannot be reached says less than what the others answered.
  const answered = chain.filter((words) => byCode(words)?.is !== 'network-unreachable')
  return (
    first(answered, byCode) ??
    first(chain, byCode) ??
    first(chain, look(driverRowsFor)) ??
    first(chain, (words) => byDefault(words, situation)) ?? { is: 'unknown-error', named: {} }
  )
}

/** Those of letters alone could be of Node, but for one of CockroachDB. */
const sqlState = /^(?:XXUUU|(?=.*\d)[0-9A-Z]{5})$/
const mysqlNumber = /^\d{4,}$/

/** What a server of MySQL answers: a driver's own words speak of no server. */
const mysqlAnswers: readonly Refusal[] = [...mysqlErrors, ...commonWords]

/** The rows of whoever an error comes from, by its code. */
function rowsFor({ codes }: ServerWords): readonly Refusal[] {
  const [code = ''] = codes
  if (code.startsWith('SQLITE_')) return sqliteErrors
  if (sqlState.test(code)) return postgresErrors
  if (codes.length === 0) return []
  // The words of a server speak of no network and no encryption of ours.
  if (codes.some(isOfServer)) return mysqlAnswers
  return [...networkErrors, ...tlsErrors, ...mysqlErrors]
}

function driverRowsFor({ codes }: ServerWords): readonly Refusal[] {
  return codes.some(isOfServer) ? [] : driverErrors
}

/** A server may refuse without a code; a driver that stumbles over what it said has a TypeError. */
function byName({ name, codes, message }: ServerWords): Recognized | undefined {
  if (name === 'TypeError') return { ...unreadable, named: {} }
  return codes.length === 0 ? { is: 'refused', named: { words: shorten(message) } } : undefined
}

/** What is not known is a refusal while a connection is made, and else speaks of the statement. */
function byDefault(words: ServerWords, situation: Situation): Recognized | undefined {
  if (!words.codes.some(isOfServer)) return situation.stage === 'login' ? byName(words) : undefined
  const isRefusal =
    situation.stage === 'login' || (words.severity !== undefined && endsLogin(words, situation))
  return isRefusal && !words.codes.some((code) => code.startsWith('SQLITE_'))
    ? { is: 'refused', named: { words: shorten(words.message) } }
    : { is: 'query-failed', named: {} }
}

/** Whether an error is the answer of a server, rather than of the network or of a driver. */
export function isAnswer(error: unknown): boolean {
  return causesOf(error).some((cause) => readWords(cause).codes.some(isOfServer))
}

/** Whether a connection is over with an error, rather than ready for the next statement. */
export function endsConnection(error: unknown): boolean {
  const { severity, fatal } = error as { severity?: unknown; fatal?: unknown }
  return !isAnswer(error) || severity === 'FATAL' || severity === 'PANIC' || fatal === true
}

function isOfServer(code: string): boolean {
  return /^(ER|EE|SQLITE)_/.test(code) || sqlState.test(code) || mysqlNumber.test(code)
}

/** The error and what it wraps, innermost first: knex, Objection and Node each keep the root in another place. */
function causesOf(error: unknown, depth = 0): unknown[] {
  if (typeof error !== 'object' || error === null || depth > 8) return [error]
  const { cause, nativeError, errors } = error as { cause?: unknown; nativeError?: unknown; errors?: unknown }
  const inner = [cause, nativeError, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]
  return [...inner.filter((each) => each !== undefined).flatMap((each) => causesOf(each, depth + 1)), error]
}

function first(
  chain: readonly ServerWords[],
  look: (words: ServerWords) => Recognized | undefined,
): Meaning | undefined {
  for (const words of chain) {
    const found = look(words)
    if (found) return { ...found, named: { words: shorten(words.message), ...found.named }, from: words }
  }
  return undefined
}

/** A message becomes part of a sentence. */
function shorten(message: string): string {
  const line = message.replace(/\s+/g, ' ').trim()
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}
