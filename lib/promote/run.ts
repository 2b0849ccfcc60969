import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { classifyError } from '../engine/errors/classify-error.ts'
import { ask } from './ask.ts'
import { Ledger, ledgerTable } from './ledger.ts'
import { PlainRows } from './plain-rows.ts'
import { strayColumns, unfedColumns, type Group, type Plan, type TablePair } from './plan.ts'
import type { Primary } from './primaries/primary.ts'
import { readPages, showKey, type SourceRow } from './read-rows.ts'
import { Differences, type Progress, type PromoteOptions } from './report.ts'
import type { StandInRecord } from './stand-in.ts'

/** What a promotion works with. */
export interface Work {
  readonly standIn: Knex
  readonly primary: Knex
  readonly kind: Primary
  readonly plan: Plan
  readonly record: StandInRecord
  /** Whether the primary has a ledger already. */
  readonly hasLedger: boolean
  readonly options: PromoteOptions
  /** So many rows are copied in one transaction. */
  readonly mostAtOnce: number
  readonly onProgress: (progress: Progress) => void
  readonly whileHeld: ((rows: number) => Promise<void>) | undefined
}

/** Stops a run whose differences say why. */
export class Refused extends Error {}

/** Stops a run in whose place another promotion of the same file goes on. */
export class Overtaken extends Error {}

/** Deadlocks and waits for a lock that were ended, as the servers call them. */
const collisions: readonly unknown[] = ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', '40P01', '40001', '55P03']

/** Whether a statement failed because of another transaction alone. */
export function isCollision(error: unknown): boolean {
  return collisions.includes((error as { code?: unknown } | null)?.code)
}

/** Whether a database refused a statement, and would refuse it again. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof Overtaken || isCollision(error)) return false
  return ['query', 'unknown'].includes(classifyError(error).kind)
}

/** One run of a promotion: what it works with, and what it found. */
export class Run {
  readonly work: Work
  readonly ledger: Ledger
  readonly differences: Differences = new Differences()
  /** Whether the primary has a ledger by now. */
  hasLedger: boolean
  /** Rows that were inserted, changed or deleted. */
  rows = 0
  /** Rows that are to be inserted. */
  found = 0
  #step: Progress['step'] = 'check'
  #done = 0
  /** Who promotes, as the ledger says while this run goes on. */
  #holder: string | undefined

  constructor(work: Work) {
    this.work = work
    this.hasLedger = work.hasLedger
    this.ledger = new Ledger(work.kind, work.record.id)
  }

  get groups(): readonly Group[] {
    return this.work.plan.groups
  }

  get pairs(): readonly TablePair[] {
    return this.groups.flatMap(({ pairs }) => pairs)
  }

  /** Whether a key that is there with other values is no reason to stop. */
  get isLenient(): boolean {
    return this.work.options.onConflict === 'skip' || this.work.options.onConflict === 'overwrite'
  }

  /** Takes the place of whoever promotes the same file, where there is a ledger; a dry run only looks. */
  async claim(): Promise<void> {
    const { primary, options } = this.work
    if (!this.hasLedger) return
    if (options.dryRun) this.#holder = await this.ledger.holder(primary)
    else await this.#claimOn(primary)
  }

  /** Makes the ledger where there is none. */
  async makeLedger(primary: Knex): Promise<void> {
    if (this.hasLedger) return
    const creating = this.ledger.create(primary)
    // Who makes a table at the same moment as another one is refused by PostgreSQL, although it is there then.
    await (primary.isTransaction ? creating : creating.catch(() => this.ledger.create(primary)))
    await this.#claimOn(primary)
    this.hasLedger = true
  }

  /** Whether another promotion of the file began after this one. */
  async isOvertaken(knex: Knex): Promise<boolean> {
    if (this.hasLedger) return (await this.ledger.holder(knex)) !== this.#holder
    return (await this.work.kind.readTables(knex)).some(({ name }) => name === ledgerTable)
  }

  async #claimOn(knex: Knex): Promise<void> {
    this.#holder = randomUUID()
    await this.ledger.claim(knex, this.#holder)
  }

  begin(step: Progress['step']): void {
    this.#step = step
    this.#done = 0
  }

  progress({ target }: TablePair, rows: number): void {
    this.#done += rows
    this.work.onProgress({ step: this.#step, table: target.name, rows: this.#done })
  }

  /** Runs work in a transaction of the primary. */
  async inTransaction(work: (trx: Knex.Transaction) => Promise<void>, isDeferred = false): Promise<void> {
    const { primary, kind } = this.work
    const { rows } = this
    const running = primary.transaction(async (trx) => {
      for (const sql of kind.beginSql) await ask(trx, sql)
      if (this.hasLedger && (await this.isOvertaken(trx))) throw new Overtaken()
      if (isDeferred && kind.deferSql !== undefined) await ask(trx, kind.deferSql)
      await work(trx)
    })
    try {
      await running
    } catch (error) {
      // They were taken back.
      this.rows = rows
      throw error
    }
  }

  /** Reads the rows that somebody wrote: those of the table without the seed data. */
  async *ownRows(knex: Knex, { source }: TablePair, from?: string): AsyncGenerator<readonly SourceRow[]> {
    const seeds = this.work.record.seeds[source.name] ?? []
    const left = new Map<string, number>()
    for (const seed of seeds) left.set(seed, (left.get(seed) ?? 0) + 1)
    for await (const page of readPages(knex, source, seeds.length > 0, from)) {
      yield seeds.length > 0 ? page.filter(({ seed = '' }) => !take(left, seed)) : page
    }
  }

  /** Those of its rows that need no converting, where the primary can take them so; they come first. */
  plainRows(pair: TablePair): PlainRows | undefined {
    const { kind, record } = this.work
    const hasSeeds = (record.seeds[pair.source.name]?.length ?? 0) > 0
    const isWhole = strayColumns(pair).length + unfedColumns(pair).length === 0
    return kind.bulk && isWhole && !hasSeeds ? new PlainRows(pair) : undefined
  }

  differ({ target }: Pick<TablePair, 'target'>, key: string | undefined, why: string, column?: string): void {
    const shown = key === undefined ? '' : showKey(key)
    this.differences.add({ table: target.name, key: shown, ...(column !== undefined && { column }), why })
  }

  /** Reports a key that is there with other values. */
  clash(pair: TablePair, key: string, column: string): void {
    const end = { skip: ': it was skipped', overwrite: ': it was overwritten', fail: '' }
    const what = end[this.work.options.onConflict ?? 'fail']
    this.differ(pair, key, `the primary holds this key with another value${what}`, column)
  }
}

/** Takes one of those that are left, if there is one: of two equal rows only one may be seed data, or have been copied. */
export function take(left: Map<string, number>, seed: string): boolean {
  const count = left.get(seed) ?? 0
  if (count > 0) left.set(seed, count - 1)
  return count > 0
}

/** Says how foreign keys are checked from now on: PostgreSQL refuses while a row points at one that is not there. */
export async function tryToSay(trx: Knex.Transaction, sql: string): Promise<void> {
  try {
    await trx.transaction(async (inner) => void (await ask(inner, sql)))
  } catch (error) {
    if (!isRefusal(error)) throw error
  }
}
