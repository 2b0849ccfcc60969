import type { ChangedRows } from './changed-rows.ts'
import type { GoneRows } from './gone-rows.ts'
import type { HeldTable } from './held-table.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Text } from './primaries/primary.ts'
import { sumOf, type TargetRow } from './row-maker.ts'
import type { TakenRows } from './taken-rows.ts'
import type { WrittenRows } from './written-rows.ts'

/** A row on both sides. */
interface Both {
  readonly row: TargetRow
  /** Whether it was copied in this very transaction, in which no other program can have changed it. */
  readonly isNew: boolean
  readonly isThere: boolean
  readonly kept: readonly Text[] | undefined
}

/** Compares each row of one table with what the ledger says of it, and decides what becomes of it. */
export class RowComparison {
  readonly #table: HeldTable
  readonly #written: WrittenRows
  readonly #changed: ChangedRows
  readonly #gone: GoneRows
  readonly #taken: TakenRows

  constructor(
    table: HeldTable,
    written: WrittenRows,
    changed: ChangedRows,
    gone: GoneRows,
    taken: TakenRows,
  ) {
    this.#table = table
    this.#written = written
    this.#changed = changed
    this.#gone = gone
    this.#taken = taken
  }

  /**
   * Returns the entries of the rows from now on.
   *
   * @param isNew - whether they were copied in this very transaction.
   */
  async mend(entries: readonly LedgerEntry[], isNew = false): Promise<LedgerEntry[]> {
    const { maker, primary, target } = this.#table
    const sources = await this.#table.sources(entries)
    const rows = entries.map(([key]) => {
      const source = sources.get(key)
      return source ? maker.make(source) : maker.makeOfKey(key)
    })
    const found = await target.find(primary, rows)
    const next: (LedgerEntry | undefined)[] = []
    for (const [index, entry] of entries.entries()) {
      const row = rows[index]!
      const both = { row, isNew, isThere: sources.has(row.key), kept: found.get(row.key) }
      next.push(await this.#mendRow(entry, both))
    }
    return next.filter((entry) => entry !== undefined)
  }

  /** Returns the row's entry from now on; none where it is gone on both sides. */
  async #mendRow(entry: LedgerEntry, { row, isNew, isThere, kept }: Both): Promise<LedgerEntry | undefined> {
    if (!kept) return await this.#mendMissing(entry, row, isThere)
    const [key, sum, other = sum] = entry
    const there = sumOf({ comparables: kept })
    const now = isThere ? sumOf(row) : undefined
    if (there === now) return [key, now]
    if (now === sum) {
      this.#written.reportChange(row, kept)
      return isNew ? [key, sum, there] : entry
    }
    const isTouched = there !== sum && there !== other
    if (isTouched && this.#table.run.work.options.onConflict !== 'overwrite') {
      this.#table.differ(
        row,
        `was ${isThere ? 'changed' : 'deleted'} in the stand-in, and changed in the primary: it was left as it is`,
      )
      return entry
    }
    if (isThere) return await this.#changed.update(entry, row)
    this.#gone.add(row)
    return entry
  }

  /** The primary does not have the row. */
  async #mendMissing(entry: LedgerEntry, row: TargetRow, isThere: boolean): Promise<LedgerEntry | undefined> {
    this.#table.expectFitting(row)
    if (!isThere) return undefined
    if (this.#written.mayBeTaken(row.key)) return await this.#taken.putBack(entry, row)
    return this.#written.nameMissing(entry, row)
  }
}
