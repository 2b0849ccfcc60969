import type { Knex } from 'knex'
import type { Group, TablePair } from './plan.ts'
import type { Run } from './run.ts'
import { TableCopy, type Copied, type Route } from './table-copy.ts'

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
        rowsAtOnce: 10_000,
        inTransaction: (work) => run.inTransaction(work),
      })
  }
}

/** A route within one transaction. */
export function within(from: Knex, trx: Knex.Transaction): Route {
  return { from, reader: trx, rowsAtOnce: Infinity, inTransaction: (work) => work(trx) }
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
