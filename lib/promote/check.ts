import { findKnown } from './known-rows.ts'
import { strayColumns, unfedColumns, type TablePair } from './plan.ts'
import { keyMaker, type SourceRow } from './read-rows.ts'
import { reportRepeatedKeys } from './repeated-keys.ts'
import { foreignClashes } from './respelled.ts'
import type { Run } from './run.ts'
import { RowMaker, type TargetRow } from './row-maker.ts'
import { clashesIn, TargetTable, type Clash } from './target-table.ts'
import { sameName } from './table.ts'

/** Looks at every row, and says of each value that does not fit why not. Returns whether all of it can be copied. */
export async function checkRows(run: Run): Promise<boolean> {
  const { plan, standIn } = run.work
  const before = run.differences.size
  for (const problem of plan.problems) run.differences.add(problem)
  for (const table of plan.missing) {
    const pair: TablePair = { source: table, target: table, columns: [] }
    for await (const rows of run.ownRows(standIn, pair)) {
      if (rows.length > 0) run.differ(pair, undefined, 'the primary has no such table')
    }
  }
  await reportRepeatedKeys(run, standIn)
  let fits = run.differences.size === before
  for (const pair of run.pairs) if (!(await checkTable(run, pair))) fits = false
  return fits
}

async function checkTable(run: Run, pair: TablePair): Promise<boolean> {
  const { standIn, primary } = run.work
  const before = run.differences.size
  const target = new TargetTable(run.work.kind, pair)
  const maker = new RowMaker(pair)
  const { keys: known } = await findKnown(run, { standIn, primary, pair })
  const isNew = !target.hasKey || (await target.isEmpty(primary))
  const plain = isNew && known.size === 0 ? run.plainRows(pair) : undefined
  if (plain) {
    for await (const { keys } of plain.pages(standIn)) {
      run.found += keys.length
      run.progress(pair, keys.length)
    }
    if (!plain.hasRest) return true
  }
  let forgiven = 0
  for await (const page of run.ownRows(standIn, pair, plain?.last)) {
    if (page.length > 0) checkShape(run, pair, page)
    const rows = page.map((row) => maker.make(row))
    reportRefusals(run, pair, rows)
    const fresh = rows.filter(({ key }) => !known.has(key))
    run.found += fresh.length
    if (!isNew) {
      const tables = { standIn, primary, pair, target }
      const clashes = await foreignClashes(run, tables, await findClashes(run, target, fresh))
      for (const { row, column } of clashes) run.clash(pair, row.key, column)
      if (run.isLenient) forgiven += clashes.length
    }
    run.progress(pair, page.length)
  }
  return run.differences.size === before + forgiven
}

async function findClashes(run: Run, target: TargetTable, rows: readonly TargetRow[]): Promise<Clash[]> {
  const whole = rows.filter(({ refusals }) => refusals.length === 0)
  return clashesIn(target, await target.find(run.work.primary, whole), whole)
}

function checkShape(run: Run, pair: TablePair, page: readonly SourceRow[]): void {
  for (const { name } of unfedColumns(pair))
    run.differ(pair, undefined, 'must have a value, and the stand-in has no such column', name)
  const keyOf = keyMaker(pair.source)
  for (const index of strayColumns(pair)) {
    const { name } = pair.source.columns[index]!
    const isComputed = sameName(pair.target.columns, name) !== undefined
    const why = isComputed ? 'the primary computes this column itself' : 'the primary has no such column'
    for (const row of page.filter(({ values }) => values[index] !== null))
      run.differ(pair, keyOf(row), why, name)
  }
}

/** Names each value that does not fit. Returns whether there is one. */
export function reportRefusals(run: Run, pair: TablePair, rows: readonly TargetRow[]): boolean {
  const unfit = rows.filter(({ refusals }) => refusals.length > 0)
  for (const { key, refusals } of unfit)
    for (const { column, why } of refusals) run.differ(pair, key, why, column)
  return unfit.length > 0
}
