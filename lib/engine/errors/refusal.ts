import type { serverProblems } from '../../problem/server-problems.ts'
import type { sqliteProblems } from '../../problem/sqlite-problems.ts'
import type { ServerWords } from './server-words.ts'

/** The codes that an error of a driver can become. */
export type ConnectionCode =
  keyof typeof serverProblems | keyof typeof sqliteProblems | 'invalid-parameter'

/** What one message means. */
export interface Refusal {
  /** The codes that it comes with, separated by blanks: SQLSTATEs, names or numbers of the server. Default: any, or none. */
  readonly code?: string
  /** What it says. Default: anything. Its named groups fill `hint` and `message`. */
  readonly says?: RegExp
  /** While a connection is made only: in a statement the same words mean something else. */
  readonly atLogin?: true
  readonly is: ConnectionCode
  /** What to do, in place of the catalogue's hint. */
  readonly hint?: string
  /** What is wrong, after the subject, in place of the catalogue's message. */
  readonly message?: string
}

/** A refusal that was recognized, with what its message names. */
export type Recognized = Pick<Refusal, 'is' | 'hint' | 'message'>

/** Finds what an error means: the first row wins. */
export function recognize(rows: readonly Refusal[], error: ServerWords, stage?: Stage): Recognized | undefined {
  for (const { code, says, atLogin, is, hint, message } of rows) {
    if (atLogin && !mayBeLogin(error, stage)) continue
    if (code !== undefined && !code.split(' ').some((each) => error.codes.includes(each))) continue
    const match = says === undefined ? undefined : says.exec(error.message)
    if (match === null) continue
    const named = match?.groups ?? {}
    return { is, ...(hint && { hint: fill(hint, named) }), ...(message && { message: fill(message, named) }) }
  }
  return undefined
}

/** Where an error came from: while a connection was made, or in answer to a statement. */
export type Stage = 'login' | 'statement'

/** PostgreSQL ends a login with FATAL, and answers a statement with ERROR. */
export function mayBeLogin({ severity }: ServerWords, stage: Stage | undefined): boolean {
  return stage === undefined ? severity !== 'ERROR' : stage === 'login'
}

function fill(text: string, named: Readonly<Record<string, string | undefined>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => named[name] ?? '')
}
