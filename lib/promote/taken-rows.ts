import type { HeldTable } from './held-table.ts'
import type { LedgerEntry } from './ledger.ts'
import type { TargetRow } from './row-maker.ts'
import type { WrittenRows } from './written-rows.ts'

/** The rows of one table that went with deleted ones, although the stand-in has them: they are put back. */
export class TakenRows {
  readonly #table: HeldTable
  readonly #written: WrittenRows
  /** Those that the primary refused to take again. */
  readonly #refused: { readonly entry: LedgerEntry; readonly row: TargetRow; readonly why: string }[] = []
  readonly #back = new Map<string, LedgerEntry>()

  constructor(table: HeldTable, written: WrittenRows) {
    this.#table = table
    this.#written = written
  }

  /** What the ledger is to say of those that the primary took later, by key. */
  get back(): ReadonlyMap<string, LedgerEntry> {
    return this.#back
  }

  /** A row that pointed at one which was deleted may have gone with it. Returns its entry from now on. */
  async putBack(entry: LedgerEntry, row: TargetRow): Promise<LedgerEntry> {
    const why = await this.#table.attempt((trx) => this.#table.target.insert(trx, [row.texts]))
    if (why === undefined) return await this.#written.lookAt(entry, row)
    this.#refused.push({ entry, row, why })
    return entry
  }

  /** Tries those again that were refused, the last one first: each may point at the one after it. Returns how many are back. */
  async tryAgain(): Promise<number> {
    const refused = this.#refused.splice(0).toReversed()
    for (const { entry, row } of refused) this.#back.set(row.key, await this.putBack(entry, row))
    return refused.length - this.#refused.length
  }

  /** Finds them, and puts them back: so many rows fewer are there. */
  async putBackAll(fewer: number): Promise<void> {
    const { run, pair, target } = this.#table
    if (!target.hasKey) {
      const why = 'were deleted by the primary together with others, and have no key to find them by'
      return run.differ(pair, undefined, `${fewer} rows ${why}`)
    }
    await this.#table.rewrite(async ({ entries }) => {
      const taken = await this.#find(entries)
      const next: LedgerEntry[] = []
      for (const entry of entries) {
        const row = taken.get(entry[0])
        next.push(row ? await this.putBack(entry, row) : entry)
      }
      return next
    })
  }

  /** Names those that the primary does not take back. */
  report(): void {
    for (const { row, why } of this.#refused)
      this.#table.differ(
        row,
        `was deleted by the primary together with another row, and it refuses to take it again: ${why}`,
      )
  }

  async #find(entries: readonly LedgerEntry[]): Promise<Map<string, TargetRow>> {
    const { target, primary, maker } = this.#table
    const sources = await this.#table.sources(entries)
    const rows = [...sources.values()].map((source) => maker.make(source))
    const found = await target.find(primary, rows)
    const taken = rows.filter(({ key }) => !found.has(key) && !this.#written.isMissing(key))
    return new Map(taken.map((row) => [row.key, row]))
  }
}
