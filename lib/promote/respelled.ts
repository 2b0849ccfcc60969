import type { Knex } from 'knex'
import type { TablePair } from './plan.ts'
import { keyMaker, notFound, readByKeys, readPages } from './read-rows.ts'
import { RowMaker, type TargetRow } from './row-maker.ts'
import type { Run } from './run.ts'
import type { Clash, TargetTable } from './target-table.ts'

/** The two sides of a table. */
interface Tables {
  readonly standIn: Knex
  readonly primary: Knex
  readonly pair: TablePair
  readonly target: TargetTable
}

/**
 * Finds those of the rows that are gone which the stand-in holds under another spelling of their key: one that is the same key to
 * the primary, such as a UUID in capitals.
 *
 * @returns the new key by the old one.
 * @throws where a row is there under the very key by which it was not found: it must not be taken for deleted.
 */
export async function findRespelled(
  tables: Tables,
  gone: readonly TargetRow[],
): Promise<Map<string, string>> {
  const { standIn, primary, pair, target } = tables
  const source = {
    ...pair.source,
    columns: pair.source.columns.filter(({ name }) => pair.source.key.includes(name)),
  }
  const [keyOf, maker] = [keyMaker(source), new RowMaker(pair)]
  const oldKeys = await byIdentity(tables, gone)
  const moved = new Map<string, string>()
  for await (const page of readPages(standIn, source)) {
    const rows = page.map((row) => maker.makeOfKey(keyOf(row)))
    const identities = await target.identities(primary, rows)
    for (const [index, { key }] of rows.entries()) {
      const old = oldKeys.get(identities[index]!)
      if (old === key) throw notFound(source, key)
      if (old !== undefined) moved.set(old, key)
    }
  }
  return moved
}

/** Leaves out the clashes with rows that came from here under another spelling of their key: the comparison settles these. */
export async function foreignClashes(
  run: Run,
  tables: Tables,
  clashes: readonly Clash[],
): Promise<readonly Clash[]> {
  if (clashes.length === 0 || !run.hasLedger) return clashes
  const { standIn, primary, pair, target } = tables
  const newKeys = await byIdentity(
    tables,
    clashes.map(({ row }) => row),
  )
  const maker = new RowMaker(pair)
  const own = new Set<string>()
  for await (const { entries } of run.ledger.lines(primary, pair.target.name)) {
    const rows = entries.map(([key]) => maker.makeOfKey(key))
    const identities = await target.identities(primary, rows)
    const found = rows.flatMap(({ key }, index) => {
      const newKey = newKeys.get(identities[index]!)
      return newKey === undefined ? [] : [{ key, newKey }]
    })
    const there = await readByKeys(
      standIn,
      pair.source,
      found.map(({ key }) => key),
    )
    for (const { key, newKey } of found) if (!there.has(key)) own.add(newKey)
  }
  return clashes.filter(({ row }) => !own.has(row.key))
}

async function byIdentity(
  { primary, target }: Tables,
  rows: readonly TargetRow[],
): Promise<Map<string, string>> {
  const identities = await target.identities(primary, rows)
  return new Map(rows.map(({ key }, index) => [identities[index]!, key]))
}
