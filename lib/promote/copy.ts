import type { Knex } from 'knex'
import { reportRefusals } from './check.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Group, TablePair } from './plan.ts'
import { readByKeys } from './read-rows.ts'
import { Refused, type Run } from './run.ts'
import { clashesIn, sumOf, targetRow, TargetTable, type TargetRow, type Clash } from './target-rows.ts'

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
  await run.ledger.create(primary)
  run.hasLedger = true
  run.begin('copy')
  for (const group of run.groups) {
    if (group.isWhole) await run.inTransaction((trx) => copyGroup(run, group, within(standIn, trx)), true)
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

/** Copies the tables of a group. */
export async function copyGroup(run: Run, group: Group, route: Route): Promise<void> {
  const inserted: [TablePair, readonly string[], readonly string[]][] = []
  for (const pair of group.pairs) {
    const later = group.later.get(pair.target.name) ?? []
    inserted.push([pair, later, await new TableCopy(run, pair, later, route).copy()])
  }
  for (const [pair, later, keys] of inserted)
    if (later.length > 0) await fillIn(run, pair, later, keys, route)
}

/** Copies the rows of one table. */
class TableCopy {
  readonly #run: Run
  readonly #pair: TablePair
  readonly #later: readonly string[]
  readonly #route: Route
  readonly #target: TargetTable

  constructor(run: Run, pair: TablePair, later: readonly string[], route: Route) {
    this.#run = run
    this.#pair = pair
    this.#later = later
    this.#route = route
    this.#target = new TargetTable(run.work.kind, pair)
  }

  /** Returns the keys of the rows whose columns are to be filled in later. */
  async copy(): Promise<readonly string[]> {
    const { from, reader, inTransaction, insert } = this.#route
    const known = await this.#run.knownKeys(reader, this.#pair)
    const isNew = !this.#target.hasKey || (await this.#target.isEmpty(reader))
    const inserted: string[] = []
    for await (const page of this.#run.ownRows(from, this.#pair)) {
      const rows = page.map((row) => targetRow(this.#pair, row)).filter(({ key }) => !known.has(key))
      if (reportRefusals(this.#run, this.#pair, rows)) throw new Refused()
      if (rows.length > 0) {
        await inTransaction(async (trx) => {
          const entries = await this.#write(trx, isNew, rows)
          const line = { number: known.nextChunk++, entries }
          if (entries.length > 0 && !insert) await this.#run.ledger.add(trx, this.#pair.target.name, line)
          if (this.#later.length > 0) inserted.push(...entries.map(([key]) => key))
        })
      }
      this.#run.progress(this.#pair, page.length)
    }
    return inserted
  }

  async #write(trx: Knex.Transaction, isNew: boolean, rows: readonly TargetRow[]): Promise<LedgerEntry[]> {
    const target = this.#target
    const found = isNew ? new Map<string, never>() : await target.find(trx, rows)
    const fresh = rows.filter(({ key }) => !found.has(key))
    const holed = fresh.map((row) => this.#leaveOut(row))
    if (this.#route.insert) await this.#route.insert(trx, this.#pair, target, holed)
    else
      await target.insert(
        trx,
        holed.map(({ texts }) => texts),
      )
    const written = [...fresh, ...(await this.#settleClashes(trx, clashesIn(target, found, rows)))]
    if (!this.#route.insert) this.#run.rows += written.length
    return written.map((row) => [row.key, sumOf(row)])
  }

  /** Returns the rows that were overwritten. */
  async #settleClashes(trx: Knex.Transaction, clashes: Clash[]): Promise<TargetRow[]> {
    for (const { row, column } of clashes) this.#run.clash(this.#pair, row.key, column)
    if (clashes.length > 0 && !this.#run.isLenient) throw new Refused()
    if (this.#run.work.options.onConflict !== 'overwrite') return []
    for (const { row } of clashes) await this.#target.update(trx, row)
    return clashes.map(({ row }) => row)
  }

  #leaveOut(row: TargetRow): TargetRow {
    if (this.#later.length === 0) return row
    const { columns } = this.#target
    return {
      ...row,
      texts: row.texts.map((text, index) => (this.#later.includes(columns[index]!.name) ? null : text)),
    }
  }
}

/** Writes the columns that were left out until the rows that they point at were there. */
async function fillIn(
  run: Run,
  pair: TablePair,
  later: readonly string[],
  keys: readonly string[],
  route: Route,
): Promise<void> {
  const target = new TargetTable(run.work.kind, pair)
  for (let start = 0; start < keys.length; start += 500) {
    const rows = await readByKeys(route.from, pair.source, keys.slice(start, start + 500))
    await route.inTransaction(async (trx) => {
      for (const source of rows.values()) await target.update(trx, targetRow(pair, source), later)
    })
  }
}
