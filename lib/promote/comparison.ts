import type { Knex } from 'knex'
import { describeCause } from '../engine/errors/describe-cause.ts'
import { reportRefusals } from './check.ts'
import { Total } from './comparable.ts'
import { findKnown } from './known-rows.ts'
import type { LedgerEntry, LedgerLine } from './ledger.ts'
import type { TablePair } from './plan.ts'
import type { Text } from './primaries/primary.ts'
import { readByKeys, type SourceRow } from './read-rows.ts'
import { findRespelled } from './respelled.ts'
import { RowMaker, sumOf, type TargetRow } from './row-maker.ts'
import { isRefusal, Refused, type Run } from './run.ts'
import type { Copied } from './table-copy.ts'
import { TargetTable } from './target-table.ts'

/** The transactions that hold both sides. */
export interface Sides {
  readonly held: Knex.Transaction
  readonly trx: Knex.Transaction
  /** A change that the primary refuses is left for later. */
  readonly isTolerant?: boolean
  /** The keys of rows that the primary did not have before this run deleted any, by table. */
  readonly missing: Map<TablePair, Set<string>>
}

/** A row on both sides. */
interface Both {
  readonly row: TargetRow
  /** Whether it was copied in this very transaction, in which no other program can have changed it. */
  readonly isNew: boolean
  readonly isThere: boolean
  readonly kept: readonly Text[] | undefined
}

/** Compares the rows of one table that came from here. */
export class Comparison {
  readonly pair: TablePair
  readonly #run: Run
  readonly #held: Knex.Transaction
  readonly #trx: Knex.Transaction
  readonly #isTolerant: boolean
  readonly #missing: Set<string>
  /** Whether rows that are missing may have gone with others that this run deleted. */
  readonly #hasDeleted: boolean
  readonly #target: TargetTable
  readonly #maker: RowMaker
  /** Rows that are gone from the stand-in, with what the primary said if it refused to delete them. */
  #gone: { readonly row: TargetRow; readonly why?: string }[] = []
  /** The keys of the rows that were deleted. */
  readonly #deleted = new Set<string>()
  /** Rows that went with deleted ones, and that the primary refused to take again. */
  readonly #taken: { readonly entry: LedgerEntry; readonly row: TargetRow; readonly why: string }[] = []
  /** What the ledger is to say of those that it took later, by key. */
  readonly #back = new Map<string, LedgerEntry>()
  /** Changes that the primary refused as long as others were not made. */
  #refused: TargetRow[] = []

  constructor(run: Run, pair: TablePair, { held, trx, isTolerant = false, missing }: Sides) {
    this.#run = run
    this.pair = pair
    this.#held = held
    this.#trx = trx
    this.#isTolerant = isTolerant
    this.#hasDeleted = missing.has(pair)
    this.#missing = missing.get(pair) ?? new Set()
    missing.set(pair, this.#missing)
    this.#target = new TargetTable(run.work.kind, pair)
    this.#maker = new RowMaker(pair)
  }

  /** Whether rows are to be deleted. */
  get hasGone(): boolean {
    return this.#gone.length > 0
  }

  /** Brings over what changed. */
  async mend({ total, all, firstLine = Infinity }: Copied): Promise<void> {
    if (total ? await this.#target.holds(this.#trx, total) : await this.#addsUp(all)) return
    if (!this.#target.hasKey) return await this.#nameLost()
    await this.#rewrite(async ({ entries, number }) => {
      const next = await this.#mendLine(entries, number >= firstLine)
      this.#run.progress(this.pair, entries.length)
      return next
    })
    if (this.#gone.length > 0) await this.#mendRespelled()
  }

  /** Whether the ledger, the primary and the stand-in add up to the same: then nothing changed on either side. */
  async #addsUp(all: Total | undefined): Promise<boolean> {
    if (!all || all.rows === 0 || !(await this.#target.holds(this.#trx, all))) return false
    const known = new Total()
    for await (const { entries } of this.#run.ledger.lines(this.#trx, this.pair.target.name)) {
      for (const [, sum] of entries) known.add(sum)
      this.#run.progress(this.pair, entries.length)
    }
    return known.equals(all)
  }

  /** Makes the changes that were refused, the last one first: each may have waited for the one after it. */
  async tryAgain(): Promise<void> {
    const rows = this.#refused.splice(0).toReversed()
    for (const row of rows) if (await this.#write(row)) this.#run.rows++
  }

  /** Deletes what is gone, the last ones first: what the primary refuses may wait for another one. */
  async deleteGone(): Promise<void> {
    const rows = this.#gone
      .splice(0)
      .map(({ row }) => row)
      .toReversed()
    for (let start = 0; start < rows.length; start += 500) await this.#delete(rows.slice(start, start + 500))
  }

  /** Rows that point at each other can only be deleted together: those of all tables are, or none. */
  static async deleteTogether(comparisons: readonly Comparison[]): Promise<void> {
    const left = comparisons.filter((comparison) => comparison.#gone.length > 0)
    const [first] = left
    if (!first) return
    const why = await first.#attempt(async (inner) => {
      for (const comparison of left.toReversed())
        await comparison.#target.delete(
          inner,
          comparison.#gone.map(({ row }) => row),
        )
      await first.#run.work.kind.checkDeferred?.(inner)
    })
    if (why !== undefined) return
    for (const comparison of left) comparison.#noteDeleted(comparison.#gone.splice(0).map(({ row }) => row))
  }

  #noteDeleted(rows: readonly TargetRow[]): void {
    for (const { key } of rows) this.#deleted.add(key)
    this.#run.rows += rows.length
  }

  /** Finds those that are refused by halves. */
  async #delete(rows: readonly TargetRow[]): Promise<void> {
    const why = await this.#attempt((trx) => this.#target.delete(trx, rows))
    if (why === undefined) this.#noteDeleted(rows)
    else if (rows.length === 1) this.#gone.push({ row: rows[0]!, why })
    else {
      const half = Math.ceil(rows.length / 2)
      await this.#delete(rows.slice(0, half))
      await this.#delete(rows.slice(half))
    }
  }

  /** Forgets the rows that were deleted, and names those that the primary keeps, or does not take back: the next run tries again. */
  async settle(): Promise<void> {
    for (const { row, why } of this.#gone)
      this.#differ(row, `was deleted in the stand-in, and the primary refuses to delete it: ${why}`)
    for (const { row, why } of this.#taken)
      this.#differ(
        row,
        `was deleted by the primary together with another row, and it refuses to take it again: ${why}`,
      )
    if (this.#deleted.size + this.#back.size === 0) return
    await this.#rewrite(async ({ entries }) =>
      entries.filter(([key]) => !this.#deleted.has(key)).map((entry) => this.#back.get(entry[0]) ?? entry),
    )
  }

  /** A key that is spelled anew is no new row, and its row is not gone. */
  async #mendRespelled(): Promise<void> {
    const tables = { standIn: this.#held, primary: this.#trx, pair: this.pair, target: this.#target }
    const moved = await findRespelled(
      tables,
      this.#gone.map(({ row }) => row),
    )
    if (moved.size === 0) return
    this.#gone = this.#gone.filter(({ row }) => !moved.has(row.key))
    const { keys: known } = await findKnown(this.#run, tables)
    await this.#rewrite(async ({ entries }) => {
      const next: LedgerEntry[] = []
      for (const [key, ...sums] of entries) {
        const to = moved.get(key)
        if (to === undefined) next.push([key, ...sums])
        else if (!known.has(to)) next.push(...(await this.#mendLine([[to, ...sums]])))
      }
      return next
    })
  }

  /** Puts other entries in place of those of the ledger. */
  async #rewrite(work: (line: LedgerLine) => Promise<readonly LedgerEntry[]>): Promise<void> {
    const { ledger } = this.#run
    const { name } = this.pair.target
    for await (const line of ledger.lines(this.#trx, name)) {
      const entries = await work(line)
      if (JSON.stringify(entries) !== JSON.stringify(line.entries))
        await ledger.replace(this.#trx, name, { ...line, entries })
    }
  }

  /** @param isNew - whether its rows were copied in this very transaction. */
  async #mendLine(entries: readonly LedgerEntry[], isNew = false): Promise<LedgerEntry[]> {
    const keys = entries.map(([key]) => key)
    const sources = await readByKeys(this.#held, this.pair.source, keys)
    const rows = keys.map((key) => this.#rowOf(key, sources.get(key)))
    const found = await this.#target.find(this.#trx, rows)
    const next: (LedgerEntry | undefined)[] = []
    for (const [index, entry] of entries.entries()) {
      const row = rows[index]!
      const both = { row, isNew, isThere: sources.has(row.key), kept: found.get(row.key) }
      next.push(await this.#mendRow(entry, both))
    }
    return next.filter((entry) => entry !== undefined)
  }

  /** A row without a key cannot be found in the primary. */
  async #nameLost(): Promise<void> {
    const { lost } = await findKnown(this.#run, {
      standIn: this.#held,
      primary: this.#trx,
      pair: this.pair,
    })
    const why = 'was changed or deleted in the stand-in after it was copied, and has no key to find it by'
    for (const [key] of lost) this.#run.differ(this.pair, key, why)
  }

  /** Returns the row's entry from now on; none where it is gone on both sides. */
  async #mendRow(entry: LedgerEntry, { row, isNew, isThere, kept }: Both): Promise<LedgerEntry | undefined> {
    const [key, sum, other = sum] = entry
    if (!kept) {
      this.#expectFitting(row)
      if (!isThere) return undefined
      return this.#hasDeleted && !this.#missing.has(key)
        ? this.#putBack(entry, row)
        : this.#nameMissing(entry, row)
    }
    const there = sumOf({ comparables: kept })
    const now = isThere ? sumOf(row) : undefined
    if (there === now) return [key, now]
    if (now === sum) {
      this.#reportChange(row, kept)
      return isNew ? [key, sum, there] : entry
    }
    const isTouched = there !== sum && there !== other
    if (isTouched && this.#run.work.options.onConflict !== 'overwrite') {
      this.#differ(
        row,
        `was ${isThere ? 'changed' : 'deleted'} in the stand-in, and changed in the primary: it was left as it is`,
      )
      return entry
    }
    if (isThere) return this.#update(entry, row)
    this.#gone.push({ row })
    return entry
  }

  #nameMissing(entry: LedgerEntry, row: TargetRow): LedgerEntry {
    this.#missing.add(row.key)
    this.#differ(row, 'was copied, and is no longer in the primary: it was deleted there')
    return entry
  }

  /** A row that pointed at one which was deleted may have gone with it. */
  async #putBack(entry: LedgerEntry, row: TargetRow): Promise<LedgerEntry> {
    const why = await this.#attempt((trx) => this.#target.insert(trx, [row.texts]))
    if (why === undefined) return await this.#lookAt(entry, row)
    this.#taken.push({ entry, row, why })
    return entry
  }

  /** Tries those again that were refused, the last one first: each may point at the one after it. Returns how many are back. */
  async putBackAgain(): Promise<number> {
    const taken = this.#taken.splice(0).toReversed()
    for (const { entry, row } of taken) this.#back.set(row.key, await this.#putBack(entry, row))
    return taken.length - this.#taken.length
  }

  /** Counts the rows of the primary, and those that were deleted here. */
  async count(): Promise<number> {
    return this.#deleted.size + (await this.#target.count(this.#trx))
  }

  /** Puts back what went with rows that were deleted: so many rows fewer are there. */
  async putBackTaken(fewer: number): Promise<void> {
    if (!this.#target.hasKey) {
      const why = 'were deleted by the primary together with others, and have no key to find them by'
      return this.#run.differ(this.pair, undefined, `${fewer} rows ${why}`)
    }
    await this.#rewrite(async ({ entries }) => {
      const keys = entries.map(([key]) => key)
      const sources = await readByKeys(this.#held, this.pair.source, keys)
      const rows = [...sources.values()].map((source) => this.#maker.make(source))
      const found = await this.#target.find(this.#trx, rows)
      const taken = new Map(
        rows.filter(({ key }) => !found.has(key) && !this.#missing.has(key)).map((row) => [row.key, row]),
      )
      const next: LedgerEntry[] = []
      for (const entry of entries) {
        const row = taken.get(entry[0])
        next.push(row ? await this.#putBack(entry, row) : entry)
      }
      return next
    })
  }

  async #update(before: LedgerEntry, row: TargetRow): Promise<LedgerEntry> {
    this.#expectFitting(row)
    if (!(await this.#write(row))) return before
    this.#run.rows++
    return await this.#lookAt(before, row)
  }

  /** Returns the entry of a row that was written: a trigger may have changed it, or kept it out. */
  async #lookAt(before: LedgerEntry, row: TargetRow): Promise<LedgerEntry> {
    const after = (await this.#target.find(this.#trx, [row])).get(row.key)
    if (!after) return this.#nameMissing(before, row)
    const sum = sumOf(row)
    const there = sumOf({ comparables: after })
    if (there === sum) return [row.key, sum]
    this.#reportChange(row, after)
    return [row.key, sum, there]
  }

  #expectFitting(row: TargetRow): void {
    if (reportRefusals(this.#run, this.pair, [row])) throw new Refused()
  }

  /** Returns whether it was done. */
  async #write(row: TargetRow): Promise<boolean> {
    const write = (trx: Knex.Transaction): Promise<void> => this.#target.update(trx, row)
    if (!this.#isTolerant) await write(this.#trx)
    else if ((await this.#attempt(write)) !== undefined) {
      this.#refused.push(row)
      return false
    }
    return true
  }

  /** Returns why the primary refused it, if it did. */
  async #attempt(work: (trx: Knex.Transaction) => Promise<void>): Promise<string | undefined> {
    try {
      await this.#trx.transaction(work)
      return undefined
    } catch (error) {
      if (!isRefusal(error)) throw error
      return describeCause(error).message
    }
  }

  /** The primary holds something else than was written. */
  #reportChange(row: TargetRow, kept: readonly Text[]): void {
    for (const [index, { column }] of this.pair.columns.entries()) {
      if (kept[index] !== row.comparables[index])
        this.#differ(
          row,
          'is not what was written: a trigger of the primary or another program changed it',
          column.name,
        )
    }
  }

  #differ({ key }: TargetRow, why: string, column?: string): void {
    this.#run.differ(this.pair, key, why, column)
  }

  #rowOf(key: string, source: SourceRow | undefined): TargetRow {
    return source ? this.#maker.make(source) : this.#maker.makeOfKey(key)
  }
}
