import type { Knex } from 'knex'
import { reportRefusals } from './check.ts'
import { Total } from './comparable.ts'
import type { KnownKeys } from './known-keys.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Group, TablePair } from './plan.ts'
import { readByKeys } from './read-rows.ts'
import { Refused, type Run } from './run.ts'
import { clashesIn, RowMaker, sumOf, TargetTable, type TargetRow, type Clash } from './target-rows.ts'

/** Where rows come from, and how they are written. */
export interface Route {
  /** The stand-in, or a transaction of it. */
  readonly from: Knex
  /** Reads the primary. */
  readonly reader: Knex
  readonly inTransaction: (work: (trx: Knex.Transaction) => Promise<void>) => Promise<void>
  /** Inserts rows in another way, and keeps no ledger: for a trial. */
  readonly insert?: (
    trx: Knex.Transaction,
    pair: TablePair,
    target: TargetTable,
    rows: readonly TargetRow[],
  ) => Promise<void>
}

/** Copies what is not there yet, each chunk with its line of the ledger in one transaction. */
export async function copyRows(run: Run): Promise<void> {
  const { primary, standIn } = run.work
  run.begin('copy')
  for (const group of run.groups) {
    if (group.isWhole)
      await run.inTransaction(async (trx) => void (await copyGroup(run, group, within(standIn, trx))), true)
    else
      await copyGroup(run, group, {
        from: standIn,
        reader: primary,
        inTransaction: (work) => run.inTransaction(work),
      })
  }
}

/** A route within one transaction. */
export function within(from: Knex, trx: Knex.Transaction): Route {
  return { from, reader: trx, inTransaction: (work) => work(trx) }
}

/** What was copied of a table. */
export interface Copied {
  /** What its rows add up to, where all that the primary holds of them was copied now. */
  readonly total: Total | undefined
}

/** Copies the tables of a group. */
export async function copyGroup(
  run: Run,
  group: Group,
  route: Route,
): Promise<ReadonlyMap<TablePair, Copied>> {
  const copies: TableCopy[] = []
  for (const pair of group.pairs) {
    const copy = new TableCopy(run, pair, group.later.get(pair.target.name) ?? [], route)
    await copy.copy()
    copies.push(copy)
  }
  for (const copy of copies) await copy.fillIn()
  return new Map(copies.map((copy) => [copy.pair, copy]))
}

/** Copies the rows of one table. */
class TableCopy implements Copied {
  readonly pair: TablePair
  readonly #run: Run
  readonly #later: readonly string[]
  readonly #route: Route
  readonly #target: TargetTable
  readonly #maker: RowMaker
  /** The keys of the rows whose columns are filled in later. */
  readonly #holed: string[] = []
  #total: Total | undefined

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

  async copy(): Promise<void> {
    const { from, reader } = this.#route
    const known = await this.#run.knownKeys(reader, this.pair)
    const isEmpty = await this.#target.isEmpty(reader)
    if (isEmpty && known.size === 0) this.#total = new Total()
    const isNew = isEmpty || !this.#target.hasKey
    let writing = Promise.resolve()
    try {
      for await (const page of this.#run.ownRows(from, this.pair)) {
        const rows = page.map((row) => this.#maker.make(row)).filter(({ key }) => !known.has(key))
        if (reportRefusals(this.#run, this.pair, rows)) throw new Refused()
        // The primary writes a page while the next one is read.
        await writing
        writing = this.#writePage(rows, known, isNew)
        writing.catch(() => undefined)
        this.#run.progress(this.pair, page.length)
      }
    } finally {
      await writing
    }
  }

  /** Writes the columns that were left out until the rows that they point at were there. */
  async fillIn(): Promise<void> {
    const { from, inTransaction } = this.#route
    for (let start = 0; start < this.#holed.length; start += 500) {
      const rows = await readByKeys(from, this.pair.source, this.#holed.slice(start, start + 500))
      await inTransaction(async (trx) => {
        for (const row of rows.values()) await this.#target.update(trx, this.#maker.make(row), this.#later)
      })
    }
  }

  async #writePage(rows: readonly TargetRow[], known: KnownKeys, isNew: boolean): Promise<void> {
    if (rows.length === 0) return
    await this.#route.inTransaction(async (trx) => {
      const entries = await this.#write(trx, isNew, rows)
      const line = { number: known.nextChunk++, entries }
      if (entries.length > 0 && !this.#route.insert)
        await this.#run.ledger.add(trx, this.pair.target.name, line)
      for (const [key, sum] of entries) {
        this.#total?.add(sum)
        if (this.#later.length > 0) this.#holed.push(key)
      }
    })
  }

  async #write(trx: Knex.Transaction, isNew: boolean, rows: readonly TargetRow[]): Promise<LedgerEntry[]> {
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
    if (!this.#route.insert) this.#run.rows += entries.length
    return entries
  }

  /** Returns the rows that were overwritten. */
  async #settleClashes(trx: Knex.Transaction, clashes: Clash[]): Promise<TargetRow[]> {
    for (const { row, column } of clashes) this.#run.clash(this.pair, row.key, column)
    if (clashes.length > 0 && !this.#run.isLenient) throw new Refused()
    if (this.#run.work.options.onConflict !== 'overwrite') return []
    for (const { row } of clashes) await this.#target.update(trx, row)
    return clashes.map(({ row }) => row)
  }

  #leaveOut(row: TargetRow): TargetRow {
    const { columns } = this.#target
    return {
      ...row,
      texts: row.texts.map((text, index) => (this.#later.includes(columns[index]!.name) ? null : text)),
    }
  }
}
