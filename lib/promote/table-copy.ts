import type { Knex } from 'knex'
import { copyInBulk } from './bulk-copy.ts'
import { Total } from './comparable.ts'
import type { KnownKeys } from './known-keys.ts'
import { findKnown } from './known-rows.ts'
import { LedgerText, type LedgerEntry } from './ledger.ts'
import { newRows, type Page } from './new-rows.ts'
import type { TablePair } from './plan.ts'
import { readAgain } from './read-rows.ts'
import { foreignClashes } from './respelled.ts'
import { RowMaker, sumOf, type TargetRow } from './row-maker.ts'
import { Refused, type Run } from './run.ts'
import { clashesIn, TargetTable, type Clash } from './target-table.ts'

/** Where rows come from, and how they are written. */
export interface Route {
  /** The stand-in, or a transaction of it. */
  readonly from: Knex
  /** Reads the primary. */
  readonly reader: Knex
  /** So many rows go into one transaction, about. */
  readonly rowsAtOnce: number
  readonly inTransaction: (work: (trx: Knex.Transaction) => Promise<void>) => Promise<void>
  /** Inserts rows in another way, and keeps no ledger: for a trial. */
  readonly insert?: (
    trx: Knex.Transaction,
    pair: TablePair,
    target: TargetTable,
    rows: readonly TargetRow[],
  ) => Promise<void>
  /** Writes the columns that were left out in another way: for a trial too. */
  readonly fillIn?: (
    trx: Knex.Transaction,
    pair: TablePair,
    rows: readonly TargetRow[],
    work: Work,
  ) => Promise<void>
}

/** Writes some rows. */
export type Work = (trx: Knex.Transaction, rows: readonly TargetRow[]) => Promise<void>

/** What was copied of a table. */
export interface Copied {
  /** What its rows add up to, where all that the primary holds of them was copied now. */
  readonly total?: Total | undefined
  /** What the rows of the stand-in add up to, where they were read while nobody wrote to it, and the primary can add up its own. */
  readonly all?: Total | undefined
  /** The first line of the ledger that was written now. */
  readonly firstLine?: number | undefined
}

/** Copies the rows of one table. */
export class TableCopy implements Copied {
  readonly pair: TablePair
  readonly #run: Run
  readonly #later: readonly string[]
  readonly #route: Route
  readonly #target: TargetTable
  readonly #maker: RowMaker
  /** The keys of the rows whose columns are filled in later. */
  readonly #holed: string[] = []
  #total: Total | undefined
  #all: Total | undefined
  #firstLine: number | undefined

  constructor(run: Run, pair: TablePair, later: readonly string[], route: Route) {
    this.pair = pair
    this.#run = run
    this.#later = later
    this.#route = route
    this.#target = new TargetTable(run.work.kind, pair)
    this.#maker = new RowMaker(pair)
  }

  get total(): Total | undefined {
    return this.#total
  }

  get all(): Total | undefined {
    return this.#all
  }

  get firstLine(): number | undefined {
    return this.#firstLine
  }

  async copy(): Promise<void> {
    const { reader, from, insert, inTransaction, rowsAtOnce } = this.#route
    const { kind } = this.#run.work
    const { keys: known } = await findKnown(this.#run, { standIn: from, primary: reader, pair: this.pair })
    this.#firstLine = known.nextChunk
    const isEmpty = await this.#target.isEmpty(reader)
    if (isEmpty && known.size === 0) this.#total = new Total()
    else if (known.size > 0 && from.isTransaction && kind.totalSql) this.#all = new Total()
    const isNew = isEmpty || !this.#target.hasKey
    const isBulk = isNew && !insert && this.#later.length === 0 && kind.bulk !== undefined
    const pages = newRows(this.#run, this.pair, {
      from,
      known,
      isPlain: isBulk,
      isTrial: insert !== undefined,
      all: this.#all,
    })
    const { pair, total } = this
    if (isBulk) await copyInBulk(this.#run, { pair, pages, known, total, rowsAtOnce, inTransaction })
    else await this.#copyPages(pages, known, isNew)
  }

  /** Writes the columns that were left out until the rows that they point at were there. */
  async fillIn(): Promise<void> {
    const { from, inTransaction, fillIn } = this.#route
    const renewed = this.#target.columns.filter((column) => column.renewsItself)
    const names = [...this.#later, ...renewed.map(({ name }) => name)]
    const work: Work = async (trx, rows) => {
      for (const row of rows) await this.#target.update(trx, row, names)
    }
    for (let start = 0; start < this.#holed.length; start += 500) {
      const found = await readAgain(from, this.pair.source, this.#holed.slice(start, start + 500))
      const rows = [...found.values()].map((row) => this.#maker.make(row))
      await inTransaction((trx) => (fillIn ? fillIn(trx, this.pair, rows, work) : work(trx, rows)))
    }
  }

  async #copyPages(pages: AsyncGenerator<Page, undefined>, known: KnownKeys, isNew: boolean): Promise<void> {
    let writing = Promise.resolve()
    try {
      for await (const page of pages) {
        // The primary writes a page while the next one is read.
        await writing
        if ('rows' in page) writing = this.#writePage(page.rows, known, isNew)
        writing.catch(() => undefined)
        this.#run.progress(this.pair, page.read)
      }
    } finally {
      await writing
    }
  }

  async #writePage(rows: readonly TargetRow[], known: KnownKeys, isNew: boolean): Promise<void> {
    await this.#route.inTransaction(async (trx) => {
      const entries = await this.#write(trx, isNew, rows)
      if (entries.length === 0 || this.#route.insert) return
      const text = new LedgerText()
      text.add(entries)
      known.nextChunk = await this.#run.ledger.add(trx, this.pair.target.name, known.nextChunk, text)
      this.#run.rows += entries.length
      for (const [, sum] of entries) this.#total?.add(sum)
    })
  }

  async #write(trx: Knex.Transaction, isNew: boolean, rows: readonly TargetRow[]): Promise<LedgerEntry[]> {
    if (rows.length === 0) return []
    const target = this.#target
    const found = isNew ? new Map<string, never>() : await target.find(trx, rows)
    const fresh = rows.filter(({ key }) => !found.has(key))
    const holed = this.#later.length === 0 ? fresh : fresh.map((row) => this.#leaveOut(row))
    const inserting = this.#route.insert
      ? this.#route.insert(trx, this.pair, target, holed)
      : target.insert(
          trx,
          holed.map(({ texts }) => texts),
        )
    const entries = fresh.map((row): LedgerEntry => [row.key, sumOf(row)])
    await inserting
    const overwritten = await this.#settleClashes(trx, clashesIn(target, found, rows))
    entries.push(...overwritten.map((row): LedgerEntry => [row.key, sumOf(row)]))
    return entries
  }

  /** Returns the rows that were overwritten. */
  async #settleClashes(trx: Knex.Transaction, found: readonly Clash[]): Promise<TargetRow[]> {
    const tables = { standIn: this.#route.from, primary: trx, pair: this.pair, target: this.#target }
    const clashes = await foreignClashes(this.#run, tables, found)
    for (const { row, column } of clashes) this.#run.clash(this.pair, row.key, column)
    if (clashes.length > 0 && !this.#run.isLenient && !this.#route.insert) throw new Refused()
    if (this.#run.work.options.onConflict !== 'overwrite') return []
    for (const { row } of clashes) await this.#target.update(trx, row)
    return clashes.map(({ row }) => row)
  }

  /** A row that points at nothing needs no second look. */
  #leaveOut(row: TargetRow): TargetRow {
    const { columns } = this.#target
    const texts = row.texts.map((text, index) => (this.#later.includes(columns[index]!.name) ? null : text))
    if (texts.every((text, index) => text === row.texts[index])) return row
    this.#holed.push(row.key)
    return { ...row, texts }
  }
}
