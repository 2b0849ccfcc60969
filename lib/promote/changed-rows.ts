import type { Knex } from 'knex'
import type { HeldTable } from './held-table.ts'
import type { LedgerEntry } from './ledger.ts'
import type { TargetRow } from './row-maker.ts'
import type { WrittenRows } from './written-rows.ts'

/** The rows of one table that were changed in the stand-in: they are changed in the primary too. */
export class ChangedRows {
  readonly #table: HeldTable
  readonly #written: WrittenRows
  readonly #isTolerant: boolean
  /** Changes that the primary refused as long as others were not made. */
  readonly #refused: TargetRow[] = []

  /** @param isTolerant - whether a change that the primary refuses is left for later. */
  constructor(table: HeldTable, written: WrittenRows, isTolerant: boolean) {
    this.#table = table
    this.#written = written
    this.#isTolerant = isTolerant
  }

  /** Returns the row's entry from now on. */
  async update(before: LedgerEntry, row: TargetRow): Promise<LedgerEntry> {
    this.#table.expectFitting(row)
    if (!(await this.#write(row))) return before
    this.#table.run.rows++
    return await this.#written.lookAt(before, row)
  }

  /** Makes the changes that were refused, the last one first: each may have waited for the one after it. */
  async tryAgain(): Promise<void> {
    const rows = this.#refused.splice(0).toReversed()
    for (const row of rows) if (await this.#write(row)) this.#table.run.rows++
  }

  /** Returns whether it was done. */
  async #write(row: TargetRow): Promise<boolean> {
    const { target, primary } = this.#table
    const write = (trx: Knex.Transaction): Promise<void> => target.update(trx, row)
    if (!this.#isTolerant) await write(primary)
    else if ((await this.#table.attempt(write)) !== undefined) {
      this.#refused.push(row)
      return false
    }
    return true
  }
}
