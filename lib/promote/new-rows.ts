import type { Knex } from 'knex'
import { reportRefusals } from './check.ts'
import { sumOfLine } from './comparable.ts'
import type { KnownKeys } from './known-keys.ts'
import type { LedgerEntry } from './ledger.ts'
import type { PlainPage } from './plain-rows.ts'
import type { TablePair } from './plan.ts'
import { RowMaker, sumOf, type TargetRow } from './row-maker.ts'
import { Refused, type Run } from './run.ts'

/** Rows that are read together, either as they are or as one text. */
export type Page =
  | { readonly read: number; readonly rows: readonly TargetRow[]; readonly plain?: undefined }
  | { readonly read: number; readonly plain: PlainPage }

/** How rows are read. */
export interface Reading {
  /** The stand-in, or a transaction of it. */
  readonly from: Knex
  /** The keys of the rows that were copied already. */
  readonly known: KnownKeys
  /** Whether a page may be one text. */
  readonly isPlain: boolean
  /** Leaves rows out that do not fit, in place of ending with them. */
  readonly isTrial: boolean
}

/**
 * Reads the rows of a table that were not copied yet, in pages.
 *
 * @throws Refused where a row does not fit.
 */
export async function* newRows(
  run: Run,
  pair: TablePair,
  { from, known, isPlain, isTrial }: Reading,
): AsyncGenerator<Page, undefined> {
  const plain = isPlain && known.size === 0 ? run.plainRows(pair) : undefined
  if (plain) for await (const page of plain.pages(from)) yield { read: page.keys.length, plain: page }
  if (plain?.hasRest === false) return
  const maker = new RowMaker(pair)
  for await (const page of run.ownRows(from, pair, plain?.last)) {
    const made = page.map((row) => maker.make(row)).filter(({ key }) => !known.has(key))
    const isUnfit = reportRefusals(run, pair, made)
    if (isUnfit && !isTrial) throw new Refused()
    const rows = isUnfit ? made.filter(({ refusals }) => refusals.length === 0) : made
    yield { read: page.length, rows }
  }
}

/** What the ledger is to say of the rows of a page. */
export function entriesOf({ plain, ...page }: Page): LedgerEntry[] {
  if (plain) return plain.keys.map((key, index) => [key, sumOfLine(plain.lines[index]!)])
  return 'rows' in page ? page.rows.map((row) => [row.key, sumOf(row)]) : []
}
