import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Knex } from 'knex'
import type { Problem } from '../../problem/problem.ts'
import type { SqliteLocation } from '../../resolve/config.ts'
import { describeFile } from '../../resolve/sqlite-location.ts'
import { formatUrl } from '../../url/format-url.ts'
import type { SqliteTarget } from '../../url/target.ts'
import { readProbeOptions } from '../check-engine-options.ts'
import type { EngineInfo, EngineOptions, ProbeResult } from '../engine.ts'
import { engineDefaults } from '../engine-defaults.ts'
import {
  classify,
  describe,
  problemIn,
  type ClassifiedError,
  type ErrorContext,
} from '../errors/classify-error.ts'
import { Breaker } from '../breaker.ts'
import { clientForEach, clientOf, dialectOf, type KnexModule } from '../knex-client.ts'
import { asKnexTimeout } from '../knex-timeout.ts'
import type { ManagedEngine, ManagedEngineResult } from '../managed-engine.ts'
import { printsAs } from '../prints-as.ts'
import { ProblemError } from '../problem-error.ts'
import { Deadline, settleBy, WaitTimeout, within } from '../time.ts'
import { isDiskTrouble } from './disk-trouble.ts'
import type { FileKeeper } from './file-keeper.ts'
import type { FileWatch } from './file-watch.ts'
import { makeSqliteKnex, planSqlite, type OpenSqliteOptions, type SqlitePlan } from './open-sqlite.ts'
import { probeBesidePools, probeSqlite, type SqliteAnswer } from './probe-sqlite.ts'
import type { Preparation } from './preparation.ts'
import type { SqliteClient } from './sqlite-client.ts'
import { StandIn } from './stand-in.ts'
import { StandInLeft } from './successor.ts'
import type { PreparedLocation } from './prepare-location.ts'

/** What the engine is told besides the public options. */
export interface SqliteEngineOptions extends EngineOptions {
  readonly role: 'primary' | 'fallback'
  readonly location: SqliteLocation
  /** Keeps a copy of the file. Default: none. */
  readonly keeper?: FileKeeper
}

/** An engine of a SQLite file, or why there is none. */
export type SqliteEngineResult =
  { readonly ok: true; readonly engine: SqliteEngine } | Extract<ManagedEngineResult, { ok: false }>

/** Makes an engine of a SQLite file. The file is not touched before the engine is used. */
export function createSqliteEngine(target: SqliteTarget, options: SqliteEngineOptions): SqliteEngineResult {
  const planned = planSqlite(target, openOptions(options))
  return planned.ok ? { ok: true, engine: new SqliteEngine(planned.plan, target) } : planned
}

/** What a knex for a SQLite file is made of, or why there is none. */
export function sqliteKnexConfig(
  target: SqliteTarget,
  options: SqliteEngineOptions,
): { readonly ok: true; readonly config: Knex.Config } | { readonly ok: false; readonly problem: Problem } {
  const planned = planSqlite(target, openOptions(options))
  if (!planned.ok) return planned
  const { plan } = planned
  const Dialect = dialectOf(plan.knex, plan.description.knexClient)
  const client = clientForEach(Dialect, (config) => clientOf(new SqliteEngine(plan, target, config).knex))
  return { ok: true, config: { ...plan.config, client } }
}

function openOptions(options: SqliteEngineOptions): OpenSqliteOptions {
  const { role, location, sqliteDriver = 'auto', pool, log, knex, drivers, keeper } = options
  return {
    role,
    ...(keeper && { keeper }),
    filesystem: location.filesystem,
    driver: sqliteDriver,
    ...(pool?.acquireTimeoutMs === undefined ? {} : { acquireTimeoutMs: pool.acquireTimeoutMs }),
    ...(knex && { knex }),
    ...(drivers && { drivers }),
    ...(log && { log }),
  }
}

/** Less free space than this, in bytes, and the next commit may fail. */
const spaceNeeded = 65_536

/** How long closing may take after what was in flight, and what of the bound is kept for the copy of the file, in milliseconds. */
const closeMs = { grace: 80, copy: 2500 }

/** What a question meets that only came at a bad moment: after a wait for the writer, or inside a transaction that holds it. */
const waitCodes: ReadonlySet<string> = new Set(['sqlite-busy', 'query-outside-transaction'])

/** knex on a SQLite file. */
export class SqliteEngine implements ManagedEngine {
  readonly knex: Knex
  readonly info: EngineInfo
  readonly keeper: FileKeeper | undefined
  /** A file has no secrets. */
  readonly redact = (text: string): string => text
  readonly #makeKnex: KnexModule
  readonly #breaker: Breaker
  readonly #preparation: Preparation
  readonly #filename: string
  readonly #context: ErrorContext
  readonly #watch: FileWatch
  #damage: Problem | undefined
  /** The last write that did not get to the disk: from then on only one that does proves anything. */
  #failedWrite: Problem | undefined
  /** What the writer answered the last time. */
  #known: SqliteAnswer | undefined
  #isLeft = false
  #isRetired = false
  #successor: Knex | undefined
  #closed: Promise<void> | undefined

  static {
    printsAs(SqliteEngine.prototype, 'Engine', ({ info }) => info)
  }

  /** @param config - what the program says to knex beside the plan. */
  constructor(plan: SqlitePlan, target: SqliteTarget, config?: Knex.Config) {
    const { knex: makeKnex, name: driver, preparation, keeper } = plan
    const { knex, watch } = makeSqliteKnex(plan, config)
    this.knex = knex
    this.#makeKnex = makeKnex
    this.#preparation = preparation
    this.#watch = watch
    this.keeper = keeper
    keeper?.onRefusal(() => this.#refuseWrites())
    this.info = { dialect: 'sqlite', driver, target: formatUrl(target) }
    this.#filename = target.filename
    this.#context = { target: describeFile(target.filename), dialect: 'SQLite' }
    this.#breaker = new Breaker(clientOf(knex), (error) => this.#name(error))
  }

  async probe(options: { readonly timeoutMs?: number; readonly write?: boolean } = {}): Promise<ProbeResult> {
    const { timeoutMs, write } = readProbeOptions(options)
    const started = performance.now()
    try {
      const { readOnly } = await within(timeoutMs, this.#ask(write, timeoutMs))
      return { ok: true, latencyMs: performance.now() - started, readOnly }
    } catch (error) {
      return { ok: false, problem: this.#problemOf(error), latencyMs: performance.now() - started }
    }
  }

  async #ask(write: boolean, timeoutMs: number): Promise<SqliteAnswer> {
    const prepared = await this.#preparation.run()
    if (!prepared.ok) throw new ProblemError(prepared.problem)
    if (this.#isLeft || this.#watch.isExchanged) throw this.#watch.exchanged()
    if (this.keeper?.refusal) return { ...(await this.#look(false)), readOnly: true }
    if (!write) return await this.#look(false)
    await this.#checkSpace()
    return await this.#askWriter(timeoutMs)
  }

  /** That the writer is in use, or another program holds the lock, says nothing against a file that answered before and is read meanwhile. */
  async #askWriter(timeoutMs: number): Promise<SqliteAnswer> {
    const known = this.#known
    try {
      this.#known = await within(known ? timeoutMs / 2 : Infinity, this.#look(true))
      return this.#known
    } catch (error) {
      if (!known || this.#failedWrite || !waitCodes.has(this.#problemOf(error).code)) throw error
      if (!this.#sqlite.oneConnection) await probeBesidePools(this.#sqlite)
      return known
    }
  }

  async #look(write: boolean): Promise<SqliteAnswer> {
    const failed = this.#failedWrite
    const commits = failed !== undefined
    const found = await probeSqlite(this.#breaker.passage as SqliteClient, { write, commits })
    // A write that failed meanwhile is still to be proved.
    if (write && !found.readOnly && this.#failedWrite === failed) this.#failedWrite = undefined
    return found
  }

  /** Makes the place of the file ready, as the first connection does by itself, and says what may follow where it cannot be. */
  async prepareLocation(): Promise<PreparedLocation> {
    return await this.#preparation.run()
  }

  /** Opens the file's record of itself, within the bound in milliseconds; rejects with the driver's error. */
  async openStandIn(timeoutMs: number): Promise<StandIn> {
    return await StandIn.open(this.#breaker.passage as SqliteClient, timeoutMs)
  }

  /** Lets nobody write any more: the configured database has taken over. What reads may end; what has not begun goes on there. */
  retire(successor: Knex): void {
    this.#isRetired = true
    this.#successor = successor
    this.#sqlite.retire(() => this.#ended())
  }

  /** What an error of this engine means. */
  problemOf(error: unknown): Problem {
    return this.#problemOf(error)
  }

  async close({
    timeoutMs = engineDefaults.closeTimeoutMs,
  }: { readonly timeoutMs?: number } = {}): Promise<void> {
    this.#closed ??= this.#close(timeoutMs)
    await this.#closed
  }

  async #close(timeoutMs: number): Promise<void> {
    const deadline = new Deadline(timeoutMs)
    this.#breaker.open(() => this.#ended())
    const drainMs = this.keeper ? Math.max(timeoutMs / 2, timeoutMs - closeMs.copy) : timeoutMs
    await settleBy(this.#sqlite.closeWithin(drainMs), drainMs + closeMs.grace)
    await this.keeper?.close(deadline.leftMs)
    this.#successor = undefined
  }

  /** What waits for the writer is refused too. */
  async #refuseWrites(): Promise<void> {
    await this.#sqlite.refuseWrites(() => new ProblemError(this.keeper?.refusal as Problem))
  }

  setGate(refuse: (() => Error) | undefined): void {
    if (this.#closed) return
    if (refuse) this.#breaker.open(refuse)
    else this.#breaker.close()
  }

  setAway(): void {}

  isBusy(): boolean {
    return this.#sqlite.isBusy()
  }

  get #sqlite(): SqliteClient {
    return clientOf(this.knex) as SqliteClient
  }

  /** A file does not hang up: what runs ends by itself. */
  dropConnections(): void {}

  suspectConnections(): void {}

  setLogin(): void {}

  /** What was found damaged, or why writes are refused; the rest of the file may still be read. */
  get loginProblem(): Problem | undefined {
    return this.keeper?.refusal ?? this.#damage
  }

  hasSuccessor(): boolean {
    return this.#watch.hasSuccessor(this.#isLeft)
  }

  /** Leaves a file that was exchanged: what is open is rolled back and closed, for whoever takes up the new one. What failed can be asked for again. */
  async leaveFile(): Promise<void> {
    this.#isLeft = true
    await this.close({ timeoutMs: 0 })
    this.#watch.leave()
  }

  async tryLogin(): Promise<void> {}

  onTrouble(listener: (found: ClassifiedError) => void): void {
    const tell = (error: unknown): void => {
      const found = classify(error, this.#context)
      if (found.code === 'sqlite-corrupt') this.#damage = problemIn(found)
      if (isDiskTrouble(found)) this.#failedWrite = found
      if (found.kind === 'connection') listener(found)
    }
    this.knex.on('query-error', tell)
    this.#breaker.onFailure(tell)
  }

  /** The probe is rolled back before it reaches the disk, so it does not notice that the disk is full. */
  async #checkSpace(): Promise<void> {
    if (this.#filename === ':memory:') return
    const { bavail, bsize } = await statfs(dirname(this.#filename))
    if (bavail * bsize < spaceNeeded) throw new ProblemError(describe('sqlite-full', this.#context))
  }

  #ended(): ProblemError {
    if (this.#isLeft) return this.#watch.exchanged()
    return this.#isRetired
      ? new StandInLeft(switched, this.#successor)
      : new ProblemError(describe('closed', this.#context))
  }

  #name(error: unknown): unknown {
    // Who waited for a connection when the pools were closed.
    if (this.#isRetired && classify(error, this.#context).code === 'closed') return this.#ended()
    if (error instanceof ProblemError) return error
    const { KnexTimeoutError } = this.#makeKnex
    const named = new ProblemError(classify(error, this.#context), { cause: error })
    return error instanceof KnexTimeoutError ? asKnexTimeout(named, KnexTimeoutError) : named
  }

  #problemOf(error: unknown): Problem {
    // Nothing but a lock of somebody else makes a file wait.
    if (error instanceof WaitTimeout) return describe('sqlite-busy', this.#context)
    return problemIn(classify(error, this.#context))
  }
}

/** For who kept something of the fallback when the configured database took over. */
const switched: Problem = {
  code: 'connection-lost',
  message: 'The SQLite database was left for the configured one before this statement began.',
  hint: 'Ask again: it goes to the configured database.',
}
