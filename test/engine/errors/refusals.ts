import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from 'failsoft'
import { openDatabase } from 'failsoft/knex'
import type { Test } from 'tap'
import type { Certificate } from '../../servers/certificates.js'
import { refuse as refuseMysql, startFakeMysql } from '../../servers/fake-mysql.js'
import { refuse as refusePostgres, startFakePostgres } from '../../servers/fake-postgres.js'
import type { FaultServer } from '../../servers/fault-server.js'

/** What a server answers while a connection is made, and what must become of it. */
export interface Refusal {
  readonly id: string
  readonly text: string
  /** Of PostgreSQL, or of MySQL beside its number. */
  readonly sqlstate?: string
  /** Of PostgreSQL's error, where it is not FATAL. */
  readonly severity?: 'ERROR' | 'FATAL'
  /** Of MySQL. */
  readonly errno?: number
  /** Before the login, in place of the greeting. */
  readonly at?: 'greeting'
  /** The error alone does not tell that it ended a login. */
  readonly onlyAtLogin?: true
  /** Whether the server offers encryption. Default: both are tried. */
  readonly tls?: boolean
  readonly want: {
    readonly codes?: readonly string[]
    readonly not?: readonly string[]
    /** Whether it must be tried again. */
    readonly again?: boolean
    /** Each must stand in message, hint or cause. */
    readonly says?: readonly string[]
  }
}

/** The cases that were collected from public reports. */
export const collected = JSON.parse(
  readFileSync(new URL('../../../test/cases/refusals.json', import.meta.url), 'utf8'),
) as { readonly postgres: readonly Refusal[]; readonly mysql: readonly Refusal[] }

/** Starts a server that says it. */
export async function startRefusing(
  { errno, sqlstate = 'XX000', at, text }: Refusal,
  certificate?: Certificate,
): Promise<FaultServer> {
  const tls = certificate && { certificate }
  if (errno === undefined)
    return await startFakePostgres({ ...tls, login: refusePostgres({ code: sqlstate, message: text }) })
  const error = { errno, message: text }
  return at === 'greeting'
    ? await startFakeMysql({ ...tls, insteadOfGreeting: error, login: () => {} })
    : await startFakeMysql({
        ...tls,
        login: refuseMysql({ ...error, sqlState: sqlstate === 'XX000' ? 'HY000' : sqlstate }),
      })
}

/** The error as its driver makes it. */
export function errorOf(
  { errno, sqlstate, severity = 'FATAL', text }: Refusal,
  codeOf: (errno: number) => string | undefined,
): Error {
  const fields =
    errno === undefined
      ? { code: sqlstate, severity }
      : { code: codeOf(errno), errno, sqlState: sqlstate ?? 'HY000', sqlMessage: text }
  return Object.assign(new Error(text), fields)
}

/** Tries to connect: the first problem that comes of it, and whether it is tried again. */
export async function outcomeOf(url: string): Promise<{ problem: Problem; isTriedAgain: boolean }> {
  const database = openDatabase({ url, strategy: 'never', env: {} })
  void database.connect()
  try {
    for (;;) {
      const { state } = database
      // What passes by itself is tried again within the attempt.
      if (state.status === 'connecting' && state.lastProblem)
        return { problem: state.lastProblem, isTriedAgain: true }
      if (state.status === 'unavailable')
        return { problem: state.problem, isTriedAgain: state.nextAttemptAt !== null }
      if (state.status === 'connected') throw new Error('It is connected')
      await sleep(1)
    }
  } finally {
    await database.close({ timeoutMs: 1 })
  }
}

/** Checks what became of it. */
export function holds(t: Test, { want }: Refusal, problem: Problem): void {
  const { code, message, hint, cause } = problem
  if (want.codes) t.ok(want.codes.includes(code), `${code}: ${message}`)
  for (const other of ['query-failed', 'unknown-error', ...(want.not ?? [])]) t.not(code, other)
  const words = `${message} ${hint} ${cause?.message ?? ''}`.toLowerCase()
  for (const word of want.says ?? []) t.ok(words.includes(word.toLowerCase()), `${word}: ${words}`)
  t.notMatch(`${message} ${hint}`, /undefined|\{\w+\}/)
}
