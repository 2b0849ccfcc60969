import type { Knex } from 'knex'
import { ChangedRows } from './changed-rows.ts'
import { Total } from './comparable.ts'
import { GoneRows } from './gone-rows.ts'
import { HeldTable } from './held-table.ts'
import { findKnown } from './known-rows.ts'
import type { LedgerEntry } from './ledger.ts'
import type { TablePair } from './plan.ts'
import { findRespelled } from './respelled.ts'
import { RowComparison } from './row-comparison.ts'
import type { Run } from './run.ts'
import type { Copied } from './table-copy.ts'
import { TakenRows } from './taken-rows.ts'
import { WrittenRows } from './written-rows.ts'

/** The transactions that hold both sides. */
export interface Sides {
  readonly held: Knex.Transaction
  readonly trx: Knex.Transaction
  /** A change that the primary refuses is left for later. */
  readonly isTolerant?: boolean
  /** The keys of rows that the primary did not have before this run deleted any, by table. */
  readonly missing: Map<TablePair, Set<string>>
}

/** Compares the rows of one table that came from here. */
export class Comparison {
  readonly pair: TablePair
  readonly changed: ChangedRows
  readonly gone: GoneRows
  readonly taken: TakenRows
  readonly #table: HeldTable
  readonly #rows: RowComparison

  constructor(run: Run, pair: TablePair, { held, trx, isTolerant = false, missing }: Sides) {
    const table = new HeldTable(run, pair, held, trx)
    const written = new WrittenRows(table, missing)
    this.pair = pair
    this.changed = new ChangedRows(table, written, isTolerant)
    this.gone = new GoneRows(table)
    this.taken = new TakenRows(table, written)
    this.#table = table
    this.#rows = new RowComparison(table, written, this.changed, this.gone, this.taken)
  }

  /** Brings over what changed. */
  async mend({ total, all, firstLine = Infinity }: Copied): Promise<void> {
    const { run, target, primary } = this.#table
    if (total ? await target.holds(primary, total) : await this.#addsUp(all)) return
    if (!target.hasKey) return await this.#nameLost()
    await this.#table.rewrite(async ({ entries, number }) => {
      const next = await this.#rows.mend(entries, number >= firstLine)
      run.progress(this.pair, entries.length)
      return next
    })
    if (this.gone.rows.length > 0) await this.#mendRespelled()
  }

  /** Whether the ledger, the primary and the stand-in add up to the same: then nothing changed on either side. */
  async #addsUp(all: Total | undefined): Promise<boolean> {
    const { run, target, primary } = this.#table
    if (!all || all.rows === 0 || !(await target.holds(primary, all))) return false
    const known = new Total()
    for await (const { entries } of run.ledger.lines(primary, this.pair.target.name)) {
      for (const [, sum] of entries) known.add(sum)
      run.progress(this.pair, entries.length)
    }
    return known.equals(all)
  }

  /** A row without a key cannot be found in the primary. */
  async #nameLost(): Promise<void> {
    const { run } = this.#table
    const { lost } = await findKnown(run, this.#table)
    const why = 'was changed or deleted in the stand-in after it was copied, and has no key to find it by'
    for (const [key] of lost) run.differ(this.pair, key, why)
  }

  /** A key that is spelled anew is no new row, and its row is not gone. */
  async #mendRespelled(): Promise<void> {
    const moved = await findRespelled(this.#table, this.gone.rows)
    if (moved.size === 0) return
    this.gone.spare(moved)
    const { keys: known } = await findKnown(this.#table.run, this.#table)
    await this.#table.rewrite(async ({ entries }) => {
      const next: LedgerEntry[] = []
      for (const [key, ...sums] of entries) {
        const to = moved.get(key)
        if (to === undefined) next.push([key, ...sums])
        else if (!known.has(to)) next.push(...(await this.#rows.mend([[to, ...sums]])))
      }
      return next
    })
  }

  /** Counts the rows of the primary, and those that were deleted here. */
  async count(): Promise<number> {
    return this.gone.deleted.size + (await this.#table.target.count(this.#table.primary))
  }

  /** Forgets the rows that were deleted, and names those that the primary keeps, or does not take back: the next run tries again. */
  async settle(): Promise<void> {
    this.gone.report()
    this.taken.report()
    const { deleted } = this.gone
    const { back } = this.taken
    if (deleted.size + back.size === 0) return
    await this.#table.rewrite(async ({ entries }) =>
      entries.filter(([key]) => !deleted.has(key)).map((entry) => back.get(entry[0]) ?? entry),
    )
  }
}
