import type { HeldTable } from './held-table.ts'
import type { TargetRow } from './row-maker.ts'

/** The rows of one table that are gone from the stand-in: they are deleted in the primary. */
export class GoneRows {
  readonly #table: HeldTable
  /** Those that are still to be deleted, with what the primary said if it refused to. */
  #left: { readonly row: TargetRow; readonly why?: string }[] = []
  readonly #deleted = new Set<string>()

  constructor(table: HeldTable) {
    this.#table = table
  }

  /** The rows that are to be deleted. */
  get rows(): readonly TargetRow[] {
    return this.#left.map(({ row }) => row)
  }

  /** The keys of the rows that were deleted. */
  get deleted(): ReadonlySet<string> {
    return this.#deleted
  }

  add(row: TargetRow): void {
    this.#left.push({ row })
  }

  /** Keeps the rows of these keys from being deleted. */
  spare(keys: ReadonlyMap<string, unknown>): void {
    this.#left = this.#left.filter(({ row }) => !keys.has(row.key))
  }

  /** Deletes them, the last ones first: what the primary refuses may wait for another one. */
  async delete(): Promise<void> {
    const rows = this.#take().toReversed()
    for (let start = 0; start < rows.length; start += 500)
      await this.#deleteSome(rows.slice(start, start + 500))
  }

  /** Rows that point at each other can only be deleted together: those of all tables are, or none. */
  static async deleteTogether(all: readonly GoneRows[]): Promise<void> {
    const left = all.filter((gone) => gone.#left.length > 0)
    const [first] = left
    if (!first) return
    const why = await first.#table.attempt(async (inner) => {
      for (const gone of left.toReversed()) await gone.#table.target.delete(inner, gone.rows)
      await first.#table.run.work.kind.checkDeferred?.(inner)
    })
    if (why !== undefined) return
    for (const gone of left) gone.#noteDeleted(gone.#take())
  }

  /** Names those that the primary keeps. */
  report(): void {
    for (const { row, why } of this.#left)
      this.#table.differ(row, `was deleted in the stand-in, and the primary refuses to delete it: ${why}`)
  }

  #take(): TargetRow[] {
    return this.#left.splice(0).map(({ row }) => row)
  }

  /** Finds those that are refused by halves. */
  async #deleteSome(rows: readonly TargetRow[]): Promise<void> {
    const why = await this.#table.attempt((trx) => this.#table.target.delete(trx, rows))
    if (why === undefined) this.#noteDeleted(rows)
    else if (rows.length === 1) this.#left.push({ row: rows[0]!, why })
    else {
      const half = Math.ceil(rows.length / 2)
      await this.#deleteSome(rows.slice(0, half))
      await this.#deleteSome(rows.slice(half))
    }
  }

  #noteDeleted(rows: readonly TargetRow[]): void {
    for (const { key } of rows) this.#deleted.add(key)
    this.#table.run.rows += rows.length
  }
}
