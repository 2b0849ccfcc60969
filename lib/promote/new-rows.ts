import type { Knex } from 'knex'
import { reportRefusals } from './check.ts'
import { sumOfLine, type Total } from './comparable.ts'
import type { KnownKeys } from './known-keys.ts'
import type { LedgerEntry } from './ledger.ts'
import type { PlainPage } from './plain-rows.ts'
import type { TablePair } from './plan.ts'
import { readAgain } from './read-rows.ts'
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
  /** Is told the sums of all rows that are read, also of those that were copied already. */
  readonly all?: Total | undefined
}

/**
 * Reads the rows of a table that were not copied yet, in pages.
 *
 * @throws Refused where a row does not fit.
 */
export async function* newRows(run: Run, pair: TablePair, reading: Reading): AsyncGenerator<Page, undefined> {
  const { from, known, isPlain, isTrial, all } = reading
  const maker = new RowMaker(pair)
  const plain = isPlain || known.size > 0 ? run.plainRows(pair) : undefined
  if (plain)
    for await (const page of plain.pages(from)) {
      if (all) for (const line of page.lines) all.add(sumOfLine(line))
      if (known.size === 0) yield { read: page.keys.length, plain: page }
      else yield { read: page.keys.length, rows: await newOnes(pair, maker, page, reading) }
    }
  if (plain?.hasRest === false) return
  for await (const page of run.ownRows(from, pair, plain?.last)) {
    const made = page.map((row) => maker.make(row))
    if (all) for (const row of made) all.add(sumOf(row))
    const fresh = made.filter(({ key }) => !known.has(key))
    yield { read: page.length, rows: fitting(run, pair, fresh, isTrial) }
  }
}

/** Those of a page that were not copied: few, as a rule, so each is read by its key. */
async function newOnes(
  { source }: TablePair,
  maker: RowMaker,
  { keys }: PlainPage,
  { from, known }: Reading,
): Promise<TargetRow[]> {
  const fresh = keys.filter((key) => !known.has(key))
  const found = await readAgain(from, source, fresh)
  return fresh.flatMap((key) => found.get(key) ?? []).map((row) => maker.make(row))
}

function fitting(
  run: Run,
  pair: TablePair,
  rows: readonly TargetRow[],
  isTrial: boolean,
): readonly TargetRow[] {
  if (!reportRefusals(run, pair, rows)) return rows
  if (!isTrial) throw new Refused()
  return rows.filter(({ refusals }) => refusals.length === 0)
}

/** What the ledger is to say of the rows of a page. */
export function entriesOf({ plain, ...page }: Page): LedgerEntry[] {
  if (plain) return plain.keys.map((key, index) => [key, sumOfLine(plain.lines[index]!)])
  return 'rows' in page ? page.rows.map((row) => [row.key, sumOf(row)]) : []
}
