import type { Knex } from 'knex'
import { hashContents } from '../engine/sqlite/contents.ts'
import { ask } from './ask.ts'
import { reportRefusals } from './check.ts'
import { convert } from './convert.ts'
import { copyGroup, within } from './copy.ts'
import type { LedgerEntry } from './ledger.ts'
import type { TablePair } from './plan.ts'
import type { Text } from './primaries/primary.ts'
import { readByKeys, type SourceRow } from './read-rows.ts'
import { Refused, type Run } from './run.ts'
import { untag } from './source-value.ts'
import { RowMaker, sumOf, type TargetRow } from './row-maker.ts'
import type { Copied } from './table-copy.ts'
import { TargetTable } from './target-table.ts'

/**
 * Copies what is not there yet, compares all rows while nobody writes to the stand-in, brings over what changed meanwhile, and sets
 * the counters: all in one transaction of the primary.
 *
 * @param held - the transaction of the stand-in that holds its writer.
 * @returns the hash of all that the stand-in holds.
 */
export async function compareRows(run: Run, held: Knex.Transaction): Promise<string> {
  const isDeferred = run.groups.some(({ isWhole }) => isWhole)
  let contents = ''
  await run.inTransaction(async (trx) => {
    await run.makeLedger(trx)
    const copied = await copyTheRest(run, held, trx)
    // The stand-in is read once more while the primary works.
    const hashing = hashContents(async (sql) => await ask(held, sql))
    await mendRows(run, copied, { held, trx }).finally(() => hashing.catch(() => undefined))
    contents = await hashing
  }, isDeferred)
  return contents
}

type Copies = ReadonlyMap<TablePair, Copied>

async function copyTheRest(run: Run, held: Knex.Transaction, trx: Knex.Transaction): Promise<Copies> {
  run.begin('copy')
  const copied = new Map<TablePair, Copied>()
  for (const group of run.groups)
    for (const [pair, copy] of await copyGroup(run, group, within(held, trx))) copied.set(pair, copy)
  return copied
}

/** The transactions that hold both sides. */
interface Sides {
  readonly held: Knex.Transaction
  readonly trx: Knex.Transaction
}

async function mendRows(run: Run, copied: Copies, { held, trx }: Sides): Promise<void> {
  run.begin('compare')
  const comparisons = run.pairs.map((pair) => new Comparison(run, pair, held, trx))
  for (const comparison of comparisons) await comparison.mend(copied)
  for (const comparison of comparisons.toReversed()) await comparison.deleteGone()
  for (const { target } of run.pairs) await run.work.kind.setSequences(trx, target)
}

/** A row on both sides. */
interface Both {
  readonly row: TargetRow
  readonly isThere: boolean
  readonly kept: readonly Text[] | undefined
}

/** Compares the rows of one table that came from here. */
class Comparison {
  readonly #run: Run
  readonly #pair: TablePair
  readonly #held: Knex.Transaction
  readonly #trx: Knex.Transaction
  readonly #target: TargetTable
  readonly #maker: RowMaker
  readonly #gone: TargetRow[] = []

  constructor(run: Run, pair: TablePair, held: Knex.Transaction, trx: Knex.Transaction) {
    this.#run = run
    this.#pair = pair
    this.#held = held
    this.#trx = trx
    this.#target = new TargetTable(run.work.kind, pair)
    this.#maker = new RowMaker(pair)
  }

  /** Rows that were all copied now are compared by what they add up to. */
  async mend(copied: Copies): Promise<void> {
    const { ledger } = this.#run
    const total = copied.get(this.#pair)?.total
    if (total && (await this.#target.holds(this.#trx, total)))
      return this.#run.progress(this.#pair, total.rows)
    const { name } = this.#pair.target
    for await (const { number, entries } of ledger.lines(this.#trx, name)) {
      const next = await this.#mendLine(entries)
      if (JSON.stringify(next) !== JSON.stringify(entries))
        await ledger.replace(this.#trx, name, { number, entries: next })
      this.#run.progress(this.#pair, entries.length)
    }
  }

  async deleteGone(): Promise<void> {
    for (const row of this.#gone) await this.#target.delete(this.#trx, row)
    this.#run.rows += this.#gone.length
  }

  async #mendLine(entries: readonly LedgerEntry[]): Promise<LedgerEntry[]> {
    const keys = entries.map(([key]) => key)
    const sources = await readByKeys(this.#held, this.#pair.source, keys)
    const rows = keys.map((key) => this.#rowOfKey(key, sources.get(key)))
    const found = this.#target.hasKey
      ? await this.#target.find(this.#trx, rows)
      : new Map<string, readonly Text[]>()
    const next: (LedgerEntry | undefined)[] = []
    for (const [index, entry] of entries.entries()) {
      const row = rows[index]!
      const both = { row, isThere: sources.has(row.key), kept: found.get(row.key) }
      next.push(this.#target.hasKey ? await this.#mendRow(entry, both) : this.#lookAt(entry, both))
    }
    return next.filter((entry) => entry !== undefined)
  }

  /** A row without a key cannot be found in the primary. */
  #lookAt(entry: LedgerEntry, { row, isThere }: Both): LedgerEntry {
    if (!isThere || sumOf(row) !== entry[1])
      this.#differ(
        row,
        'was changed or deleted in the stand-in after it was copied, and has no key to find it by',
      )
    return entry
  }

  /** Returns the row's entry from now on; none where it is gone on both sides. */
  async #mendRow(entry: LedgerEntry, { row, isThere, kept }: Both): Promise<LedgerEntry | undefined> {
    const [key, sum, other = sum] = entry
    if (!kept) {
      if (isThere) this.#differ(row, 'was copied, and is no longer in the primary: it was deleted there')
      return isThere ? entry : undefined
    }
    const there = sumOf({ comparables: kept })
    const now = isThere ? sumOf(row) : undefined
    if (there === now) return [key, now]
    if (now === sum) return this.#reportChange(entry, row, kept)
    const isTouched = there !== sum && there !== other
    if (isTouched && this.#run.work.options.onConflict !== 'overwrite') {
      this.#differ(
        row,
        `was ${isThere ? 'changed' : 'deleted'} in the stand-in, and changed in the primary: it was left as it is`,
      )
      return entry
    }
    if (isThere) return this.#update(row)
    this.#gone.push(row)
    return undefined
  }

  async #update(row: TargetRow): Promise<LedgerEntry> {
    if (reportRefusals(this.#run, this.#pair, [row])) throw new Refused()
    await this.#target.update(this.#trx, row)
    this.#run.rows++
    const after = (await this.#target.find(this.#trx, [row])).get(row.key)
    const entry: LedgerEntry = [row.key, sumOf(row)]
    return after && sumOf({ comparables: after }) !== entry[1] ? this.#reportChange(entry, row, after) : entry
  }

  /** The primary holds something else than was written: the sum of that is kept, so that a later change there can be told from it. */
  #reportChange([key, sum, other]: LedgerEntry, row: TargetRow, kept: readonly Text[]): LedgerEntry {
    for (const [index, { column }] of this.#pair.columns.entries()) {
      if (kept[index] !== row.comparables[index])
        this.#differ(
          row,
          'is not what was written: a trigger of the primary or another program changed it',
          column.name,
        )
    }
    return [key, sum, other ?? sumOf({ comparables: kept })]
  }

  #differ({ key }: TargetRow, why: string, column?: string): void {
    this.#run.differ(this.#pair, key, why, column)
  }

  /** The row of a key, of which the stand-in may no longer have more than the ledger remembers. */
  #rowOfKey(key: string, source: SourceRow | undefined): TargetRow {
    if (source) return this.#maker.make(source)
    const { columns, target } = this.#pair
    const parts = JSON.parse(key) as string[]
    const texts = columns.map(({ column }) => {
      const place = this.#target.hasKey ? target.key.indexOf(column.name) : -1
      const value = place < 0 ? null : untag(parts[place]!)
      const made = value === null ? undefined : convert(value, column)
      return made && 'text' in made ? made.text : null
    })
    return { key, texts, comparables: this.#maker.comparablesOf(texts), refusals: [] }
  }
}
