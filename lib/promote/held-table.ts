import type { Knex } from 'knex'
import { describeCause } from '../engine/errors/describe-cause.ts'
import { reportRefusals } from './check.ts'
import type { LedgerEntry, LedgerLine } from './ledger.ts'
import type { TablePair } from './plan.ts'
import { readByKeys, type SourceRow } from './read-rows.ts'
import { RowMaker, type TargetRow } from './row-maker.ts'
import { isRefusal, Refused, type Run } from './run.ts'
import { TargetTable } from './target-table.ts'

/** A table on both sides, within the transactions that hold them. */
export class HeldTable {
  readonly run: Run
  readonly pair: TablePair
  readonly standIn: Knex.Transaction
  readonly primary: Knex.Transaction
  readonly target: TargetTable
  readonly maker: RowMaker

  constructor(run: Run, pair: TablePair, standIn: Knex.Transaction, primary: Knex.Transaction) {
    this.run = run
    this.pair = pair
    this.standIn = standIn
    this.primary = primary
    this.target = new TargetTable(run.work.kind, pair)
    this.maker = new RowMaker(pair)
  }

  /** Reads what the stand-in holds of the rows of these entries, by key. */
  async sources(entries: readonly LedgerEntry[]): Promise<Map<string, SourceRow>> {
    const keys = entries.map(([key]) => key)
    return await readByKeys(this.standIn, this.pair.source, keys)
  }

  /** Puts other entries in place of those of the ledger. */
  async rewrite(work: (line: LedgerLine) => Promise<readonly LedgerEntry[]>): Promise<void> {
    const { ledger } = this.run
    const { name } = this.pair.target
    for await (const line of ledger.lines(this.primary, name)) {
      const entries = await work(line)
      if (JSON.stringify(entries) !== JSON.stringify(line.entries))
        await ledger.replace(this.primary, name, { ...line, entries })
    }
  }

  /** Returns why the primary refused it, if it did. */
  async attempt(work: (trx: Knex.Transaction) => Promise<void>): Promise<string | undefined> {
    try {
      await this.primary.transaction(work)
      return undefined
    } catch (error) {
      if (!isRefusal(error)) throw error
      return describeCause(error).message
    }
  }

  /** Stops the run where a value of the row does not fit. */
  expectFitting(row: TargetRow): void {
    if (reportRefusals(this.run, this.pair, [row])) throw new Refused()
  }

  differ({ key }: TargetRow, why: string, column?: string): void {
    this.run.differ(this.pair, key, why, column)
  }
}
