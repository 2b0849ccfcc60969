import type { serverProblems } from '../../problem/server-problems.ts'
import type { sqliteProblems } from '../../problem/sqlite-problems.ts'
import type { ServerWords } from './server-words.ts'

/** The codes that an error of a driver can become. */
export type ConnectionCode = keyof typeof serverProblems | keyof typeof sqliteProblems | 'invalid-parameter'

/** Where an error came from: while a connection was made, or in answer to a statement. */
export type Stage = 'login' | 'statement'

/** What one message means. */
export interface Refusal {
  /** The codes that it comes with, separated by blanks: SQLSTATEs, names or numbers of the server. Default: any. */
  readonly code?: string
  /**
   * What it says. Default: anything. Its named groups are values for `message` and `hint`. One that names nothing looks at the words of
   * the server alone: anybody may call a role or a database "billing".
   */
  readonly says?: RegExp
  /** The words say too little where the code says nothing: they only name something, or anybody may use them. */
  readonly needsCode?: true
  /** While a connection is made only: in answer to a statement the same words mean something else. */
  readonly atLogin?: true
  /** Only where the place, or the server, says that a login ended: of the words alone nobody knows. */
  readonly knownLogin?: true
  /** Once a connection is made only: no statement can be in flight before. */
  readonly afterLogin?: true
  /** Where the server is known to offer encryption only. */
  readonly offersTls?: true
  readonly is: ConnectionCode
  /** What is wrong, in place of the catalogue's sentence. */
  readonly message?: string
  /** What to do, in place of the catalogue's hint. */
  readonly hint?: string
}

/** A refusal that was recognized, and what its message names. */
export interface Recognized extends Pick<Refusal, 'is' | 'message' | 'hint'> {
  readonly named: Readonly<Record<string, string>>
}

/** What is known of the place that decides which rows apply. */
export interface Situation {
  readonly stage?: Stage
  readonly offersTls?: boolean
}

/** Codes that poolers and proxies send with every message: the words alone tell. */
const vagueCodes = ['08000', '08001', '08004', '08006', '08P01', '58000', 'XX000', '1105', 'ER_UNKNOWN_ERROR']

/** No server needs more to say why it refuses, and whoever means harm is not read for long. */
const mostCharacters = 2_000

/** Finds what an error means: the first row wins. */
export function recognize(
  rows: readonly Refusal[],
  error: ServerWords,
  situation: Situation,
): Recognized | undefined {
  const isLogin = endsLogin(error, situation)
  // Of an error alone nobody knows when it came: gateways send their refusals as ERROR too.
  const isVague =
    (isLogin || situation.stage === undefined) && error.codes.some((code) => vagueCodes.includes(code))
  const message = error.message.slice(0, mostCharacters)
  const unquoted = withoutNames(message)
  for (const row of rows) {
    if (row.atLogin && !isLogin && !isVague) continue
    if (row.knownLogin && !(situation.stage === 'login' || isFatal(error))) continue
    if (row.afterLogin && situation.stage === 'login') continue
    if (row.offersTls && !situation.offersTls) continue
    if (!hasCode(row, error) && !(isVague && row.says && !row.needsCode)) continue
    const match = row.says?.exec(row.says.source.includes('(?<') ? message : unquoted)
    if (match === null) continue
    return { ...row, named: namedIn(match) }
  }
  return undefined
}

/** Quotation marks of several languages. An apostrophe within a word is none, but some languages have no blanks between words. */
const quoted =
  /"[^"]*"|«[^«»]*»|»[^«»]*«|[“”„][^“”„]*[“”]|「[^「」]*」|`[^`]*`|(?<![\p{sc=Latin}\p{sc=Cyrillic}\d])'[^']*'(?![\p{sc=Latin}\p{sc=Cyrillic}])/gu

/** Leaves out what stands in quotation marks. */
function withoutNames(message: string): string {
  return message.replace(quoted, '""')
}

/** Whether an error may have ended a login. PostgreSQL ends one with FATAL, and answers a statement with ERROR. */
export function endsLogin({ severity }: ServerWords, { stage }: Situation): boolean {
  if (isFatal({ severity })) return true
  return severity === undefined ? stage !== 'statement' : stage === 'login'
}

function isFatal({ severity }: { readonly severity?: string | undefined }): boolean {
  return severity === 'FATAL' || severity === 'PANIC'
}

function hasCode({ code }: Refusal, error: ServerWords): boolean {
  return code === undefined || code.split(' ').some((each) => error.codes.includes(each))
}

function namedIn(match: RegExpExecArray | undefined): Record<string, string> {
  const entries = Object.entries(match?.groups ?? {})
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
