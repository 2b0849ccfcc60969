import { renameSync, rmSync, statSync } from 'node:fs'
import { problem } from '../../problem/problem.ts'
import { lookAtHeader } from '../../resolve/sqlite-header.ts'
import { describeFile } from '../../resolve/sqlite-location.ts'
import type { RawConnection } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import { problemOfLook } from './prepare-location.ts'

/** How long a file counts as kept for who only reads, in milliseconds: each look costs as much as a third of a short query. */
const lookMs = 50

/** What lies beside a database that is open. */
const companions = ['-wal', '-shm'] as const

/**
 * Watches whether the file that is open is still the one at its path. One that was deleted or exchanged is still written by those who
 * have it open, and nobody will ever find it again.
 */
export class FileWatch {
  readonly #filename: string
  readonly #isWatched: boolean
  readonly #inTransaction = new WeakSet<RawConnection>()
  readonly #companions = new Map<string, string>()
  #opened: string | undefined
  /** When the file was last seen in its place by who reads, on the monotonic clock. */
  #seenAt = -Infinity

  /** @param options - `isWatched`: whether each statement is looked after, and not only each probe: not where files have no steady number. */
  constructor(filename: string, options: { readonly isWatched: boolean }) {
    this.#filename = filename
    this.#isWatched = options.isWatched && filename !== ':memory:'
  }

  /** Nothing is open any more, or yet: whatever is at the path then may be opened. */
  begin(): void {
    this.#opened = undefined
    this.#seenAt = -Infinity
    this.#companions.clear()
  }

  /** A connection is open: from here on the file must stay. */
  note(): void {
    if (this.#filename !== ':memory:') this.#opened ??= identityOf(this.#filename)
  }

  /** Whether another file, or none, is at the path of the one that is open. */
  get isExchanged(): boolean {
    return this.#opened !== undefined && identityOf(this.#filename) !== this.#opened
  }

  /** @throws {@link ProblemError} where the file was exchanged, before anything goes to a connection. */
  expectKept(): void {
    if (this.#isWatched && this.isExchanged) throw this.exchanged()
  }

  /**
   * The same for who only reads: what was there a moment ago may still be read.
   *
   * @throws {@link ProblemError} where the file was exchanged, and it was not seen in its place lately.
   */
  expectKeptLately(): void {
    if (!this.#isWatched || performance.now() - this.#seenAt < lookMs) return
    this.expectKept()
    this.#noteCompanions()
    this.#seenAt = performance.now()
  }

  /**
   * Looks after what a statement may have written, before that is acknowledged: at the end of a transaction, and after each statement
   * beside one.
   *
   * @throws {@link ProblemError} where the file was exchanged meanwhile.
   */
  follow(connection: RawConnection, sql: string): void {
    if (!this.#isWatched || this.#opened === undefined) return
    if (/^\s*begin\b/i.test(sql)) this.#inTransaction.add(connection)
    else if (isEnd(sql)) this.#inTransaction.delete(connection)
    if (this.#inTransaction.has(connection)) return
    this.expectKept()
    this.#noteCompanions()
  }

  /** What is said of the file that is gone. */
  exchanged(): ProblemError {
    const target = describeFile(this.#filename)
    const gone = problem('sqlite-cannot-open', { target })
    return new ProblemError({
      ...gone,
      message: `${target} was deleted or exchanged while it was open.`,
      hint: 'What was written since is in the file that was there before. A whole database at this path is taken up by itself.',
    })
  }

  /**
   * Whether a database is at the path in place of the one that was opened, and no part of it is missing, as while it is copied. Where
   * that cannot be seen, none is.
   *
   * @param isLeft - whether the one that was opened is closed already: then it may be back too.
   */
  hasSuccessor(isLeft: boolean): boolean {
    try {
      return (isLeft || this.isExchanged) && lookAtHeader(this.#filename, () => false).kind === 'database'
    } catch {
      return false
    }
  }

  /** Puts the log of the file that is gone aside, once it is closed: SQLite would take it for that of the new one. */
  leave(): void {
    for (const [suffix, identity] of this.#companions) {
      const path = `${this.#filename}${suffix}`
      if (identityOf(path) !== identity) continue
      if (suffix === '-wal' && statSync(path).size > 0) renameSync(path, `${path}-replaced`)
      else rmSync(path, { force: true })
    }
  }

  /** Those of the open file exist from its first use on, and stay until it is closed. */
  #noteCompanions(): void {
    if (this.#companions.size === companions.length) return
    for (const suffix of companions) {
      const identity = identityOf(`${this.#filename}${suffix}`)
      if (identity !== undefined) this.#companions.set(suffix, identity)
    }
  }
}

function isEnd(sql: string): boolean {
  return /^\s*(?:commit|end)\b/i.test(sql) || (/^\s*rollback\b/i.test(sql) && !/\bto\b/i.test(sql))
}

function identityOf(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    return found && `${found.dev}:${found.ino}`
  } catch (error) {
    throw new ProblemError(problemOfLook(error, path), { cause: error })
  }
}
