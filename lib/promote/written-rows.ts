import type { HeldTable } from './held-table.ts'
import type { LedgerEntry } from './ledger.ts'
import type { TablePair } from './plan.ts'
import type { Text } from './primaries/primary.ts'
import { sumOf, type TargetRow } from './row-maker.ts'

/** What became of the rows of one table that were written: the primary may hold something else, or nothing. */
export class WrittenRows {
  readonly #table: HeldTable
  readonly #missing: Set<string>
  /** Whether rows that are missing may have gone with others that this run deleted. */
  readonly #hasDeleted: boolean

  /** @param missing - the keys of rows that the primary did not have before this run deleted any, by table. */
  constructor(table: HeldTable, missing: Map<TablePair, Set<string>>) {
    const { pair } = table
    this.#table = table
    this.#hasDeleted = missing.has(pair)
    this.#missing = missing.get(pair) ?? new Set()
    missing.set(pair, this.#missing)
  }

  /** Whether the row was found missing. */
  isMissing(key: string): boolean {
    return this.#missing.has(key)
  }

  /** Whether a row that is not there may have gone with others that this run deleted. */
  mayBeTaken(key: string): boolean {
    return this.#hasDeleted && !this.#missing.has(key)
  }

  nameMissing(entry: LedgerEntry, row: TargetRow): LedgerEntry {
    this.#missing.add(row.key)
    this.#table.differ(row, 'was copied, and is no longer in the primary: it was deleted there')
    return entry
  }

  /** Returns the entry of a row that was written: a trigger may have changed it, or kept it out. */
  async lookAt(before: LedgerEntry, row: TargetRow): Promise<LedgerEntry> {
    const after = (await this.#table.target.find(this.#table.primary, [row])).get(row.key)
    if (!after) return this.nameMissing(before, row)
    const sum = sumOf(row)
    const there = sumOf({ comparables: after })
    if (there === sum) return [row.key, sum]
    this.reportChange(row, after)
    return [row.key, sum, there]
  }

  /** The primary holds something else than was written. */
  reportChange(row: TargetRow, kept: readonly Text[]): void {
    for (const [index, { column }] of this.#table.pair.columns.entries()) {
      if (kept[index] !== row.comparables[index])
        this.#table.differ(
          row,
          'is not what was written: a trigger of the primary or another program changed it',
          column.name,
        )
    }
  }
}
