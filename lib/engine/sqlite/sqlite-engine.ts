import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Knex } from 'knex'
import { problem, type Problem } from '../../problem/problem.ts'
import type { SqliteDriver, SqliteLocation } from '../../resolve/config.ts'
import { describeFile } from '../../resolve/sqlite-location.ts'
import { formatUrl } from '../../url/format-url.ts'
import type { SqliteTarget } from '../../url/target.ts'
import type { EngineInfo, EngineOptions, ProbeResult } from '../engine.ts'
import { classify, describe, type ClassifiedError, type ErrorContext } from '../errors/classify-error.ts'
import { Breaker } from '../breaker.ts'
import { clientOf } from '../knex-client.ts'
import type { ManagedEngine, ManagedEngineResult } from '../managed-engine.ts'
import { ProblemError } from '../problem-error.ts'
import { WaitTimeout, within } from '../within.ts'
import { openSqlite } from './open-sqlite.ts'
import { probeSqlite } from './probe-sqlite.ts'
import type { SqliteClient } from './sqlite-client.ts'

/** What the engine is told besides the public options. */
export interface SqliteEngineOptions extends EngineOptions {
  readonly role: 'primary' | 'fallback'
  readonly location: SqliteLocation
}

/** Makes an engine of a SQLite file. The file is not touched before the engine is used. */
export function createSqliteEngine(target: SqliteTarget, options: SqliteEngineOptions): ManagedEngineResult {
  const { role, location, sqliteDriver = 'auto', pool, log } = options
  const opened = openSqlite(target, {
    role,
    filesystem: location.filesystem,
    driver: sqliteDriver,
    ...(pool?.acquireTimeoutMs === undefined ? {} : { acquireTimeoutMs: pool.acquireTimeoutMs }),
    ...(log && { log }),
  })
  return opened.ok ? { ok: true, engine: new SqliteEngine(opened.knex, opened.driver, target) } : opened
}

/** Less free space than this, in bytes, and the next commit may fail. */
const spaceNeeded = 65_536

class SqliteEngine implements ManagedEngine {
  readonly knex: Knex
  readonly info: EngineInfo
  readonly #breaker: Breaker
  readonly #filename: string
  readonly #context: ErrorContext
  #inode: number | undefined
  #closed: Promise<void> | undefined

  constructor(knex: Knex, driver: SqliteDriver, target: SqliteTarget) {
    this.knex = knex
    this.info = { dialect: 'sqlite', driver, target: formatUrl(target) }
    this.#filename = target.filename
    this.#context = { target: describeFile(target.filename), dialect: 'SQLite' }
    this.#breaker = new Breaker(clientOf(knex), (error) => this.#name(error))
  }

  async probe(options: { readonly timeoutMs?: number; readonly write?: boolean } = {}): Promise<ProbeResult> {
    const started = performance.now()
    try {
      this.#checkFile()
      if (options.write) await this.#checkSpace()
      const client = this.#breaker.passage as SqliteClient
      const { readOnly } = await within(
        options.timeoutMs ?? 5000,
        probeSqlite(client, { write: options.write ?? false }),
      )
      this.#inode ??= inodeOf(this.#filename)
      return { ok: true, latencyMs: performance.now() - started, readOnly }
    } catch (error) {
      return { ok: false, problem: this.#problemOf(error), latencyMs: performance.now() - started }
    }
  }

  async close(): Promise<void> {
    this.#closed ??= within(5000, this.knex.destroy()).catch(() => undefined)
    await this.#closed
  }

  setGate(refuse: (() => Error) | undefined): void {
    if (refuse) this.#breaker.open(refuse)
    else this.#breaker.close()
  }

  isBusy(): boolean {
    const client = clientOf(this.knex) as SqliteClient
    return (client.pool?.numUsed() ?? 0) + (client.asWriter().pool?.numUsed() ?? 0) > 0
  }

  /** A file does not hang up: what runs ends by itself. */
  dropConnections(): void {}

  suspectConnections(): void {}

  setPassword(): void {}

  onTrouble(listener: (found: ClassifiedError) => void): void {
    const tell = (error: unknown): void => {
      const found = classify(error, this.#context)
      if (found.kind === 'connection') listener(found)
    }
    this.knex.on('query-error', tell)
    this.#breaker.onFailure(tell)
  }

  /** A file that was deleted or exchanged is still written by those who have it open, and nobody will ever find it again. */
  #checkFile(): void {
    if (this.#inode === undefined || inodeOf(this.#filename) === this.#inode) return
    const { target = '' } = this.#context
    const gone = problem('sqlite-cannot-open', { target })
    throw new ProblemError({ ...gone, message: `${target} was deleted or exchanged while it was open.` })
  }

  /** The probe is rolled back before it reaches the disk, so it does not notice that the disk is full. */
  async #checkSpace(): Promise<void> {
    if (this.#filename === ':memory:') return
    const { bavail, bsize } = await statfs(dirname(this.#filename))
    if (bavail * bsize < spaceNeeded) throw new ProblemError(describe('sqlite-full', this.#context))
  }

  #name(error: unknown): unknown {
    return error instanceof ProblemError
      ? error
      : new ProblemError(classify(error, this.#context), { cause: error })
  }

  #problemOf(error: unknown): Problem {
    // Nothing but a lock of somebody else makes a file wait.
    if (error instanceof WaitTimeout) return describe('sqlite-busy', this.#context)
    const { code, message, hint } = classify(error, this.#context)
    return { code, message, hint }
  }
}

function inodeOf(filename: string): number | undefined {
  return filename === ':memory:' ? undefined : statSync(filename, { throwIfNoEntry: false })?.ino
}
