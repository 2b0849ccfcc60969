import type { Knex } from 'knex'
import { KnownKeys } from './known-keys.ts'
import type { LedgerEntry } from './ledger.ts'
import { hasKey, type TablePair } from './plan.ts'
import { readByKeys } from './read-rows.ts'
import { RowMaker, sumOf } from './row-maker.ts'
import { take, type Run } from './run.ts'

/** The two sides of a table. */
interface Tables {
  readonly standIn: Knex
  readonly primary: Knex
  readonly pair: TablePair
}

/** What is known of the rows that came from this stand-in. */
interface Known {
  /** The keys of the rows that were copied already. */
  readonly keys: KnownKeys
  /** Of a table without a key: what was copied and is no longer there as it was. */
  readonly lost: readonly LedgerEntry[]
}

/** Finds the rows that came from this stand-in already. */
export async function findKnown(run: Run, tables: Tables): Promise<Known> {
  const keys = new KnownKeys()
  const { primary, pair } = tables
  const astray: LedgerEntry[] = []
  if (run.hasLedger)
    for await (const { number, entries } of run.ledger.lines(primary, pair.target.name)) {
      keys.nextChunk = number + 1
      const lasting = hasKey(pair) ? entries : await unchanged(tables, entries)
      for (const [key] of lasting) keys.add(key)
      const whole = new Set(lasting)
      for (const entry of entries) if (!whole.has(entry)) astray.push(entry)
    }
  return { keys, lost: astray.length > 0 ? await findMoved(run, tables, keys, astray) : [] }
}

/** The entries of rows that hold what they held under the same row id. */
async function unchanged({ standIn, pair }: Tables, entries: readonly LedgerEntry[]): Promise<LedgerEntry[]> {
  const maker = new RowMaker(pair)
  const rows = await readByKeys(
    standIn,
    pair.source,
    entries.map(([key]) => key),
  )
  return entries.filter(([key, sum]) => {
    const row = rows.get(key)
    return row && sumOf(maker.make(row)) === sum
  })
}

/**
 * Adds the keys of rows that hold what was copied under another row id: VACUUM, and whoever makes a table anew, number the rows
 * again. As long as there is none, a row id tells that a row was changed; else what is not known by what it holds is a new row.
 *
 * @returns what nothing holds any longer.
 */
async function findMoved(
  run: Run,
  { standIn, pair }: Tables,
  keys: KnownKeys,
  astray: readonly LedgerEntry[],
): Promise<LedgerEntry[]> {
  const maker = new RowMaker(pair)
  const left = new Map<string, number>()
  for (const [, sum] of astray) left.set(sum, (left.get(sum) ?? 0) + 1)
  const moved: string[] = []
  for await (const page of run.ownRows(standIn, pair))
    for (const row of page.map((row) => maker.make(row)))
      if (!keys.has(row.key) && take(left, sumOf(row))) moved.push(row.key)
  const lost = astray.filter(([, sum]) => take(left, sum))
  for (const key of moved.length > 0 ? moved : lost.map(([key]) => key)) keys.add(key)
  return lost
}
