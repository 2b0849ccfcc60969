import type { Knex } from 'knex'
import { hashContents } from '../engine/sqlite/contents.ts'
import { ask } from './ask.ts'
import { Comparison, type Sides } from './comparison.ts'
import { copyGroup, within } from './copy.ts'
import { GoneRows } from './gone-rows.ts'
import type { TablePair } from './plan.ts'
import { reportRepeatedKeys } from './repeated-keys.ts'
import { isRefusal, Refused, tryToSay, type Run } from './run.ts'
import type { Copied } from './table-copy.ts'

/**
 * Copies what is not there yet, compares all rows while nobody writes to the stand-in, brings over what changed meanwhile, and sets
 * the counters: all in one transaction of the primary.
 *
 * @param held - the transaction of the stand-in that holds its writer.
 * @returns the hash of all that the stand-in holds.
 */
export async function compareRows(run: Run, held: Knex.Transaction): Promise<string> {
  const found = run.differences.all
  try {
    return await compareOnce(run, held, 'rows first')
  } catch (error) {
    if (!run.work.hasLedger || !isRefusal(error)) throw error
    // A new row may have a value that is unique, and that another row gave up since it was copied.
    run.differences.reset(found)
    return await compareOnce(run, held, 'changes first')
  }
}

async function compareOnce(
  run: Run,
  held: Knex.Transaction,
  order: 'rows first' | 'changes first',
): Promise<string> {
  if (await reportRepeatedKeys(run, held)) throw new Refused()
  const isDeferred = run.groups.some(({ isWhole }) => isWhole)
  let contents = ''
  await run.inTransaction(async (trx) => {
    const sides = {
      held,
      trx,
      isDeferred,
      isCareful: order === 'changes first',
      missing: new Map<TablePair, Set<string>>(),
    }
    await run.makeLedger(trx)
    if (order === 'changes first') await mendRows(run, new Map(), { ...sides, isTolerant: true })
    const copied = await copyTheRest(run, held, trx)
    // The stand-in is read once more while the primary works.
    const hashing = hashContents(async (sql) => await ask(held, sql))
    // It may fail while nobody waits for it yet.
    const hashed = hashing.catch(() => undefined)
    await mendRows(run, copied, sides).finally(() => hashed)
    for (const { target } of run.pairs) await run.work.kind.setSequences(trx, target)
    contents = await hashing
  }, isDeferred)
  return contents
}

type Copies = ReadonlyMap<TablePair, Copied>

async function copyTheRest(run: Run, held: Knex.Transaction, trx: Knex.Transaction): Promise<Copies> {
  run.begin('copy')
  const copied = new Map<TablePair, Copied>()
  for (const group of run.groups)
    for (const [pair, copy] of await copyGroup(run, group, within(held, trx))) copied.set(pair, copy)
  return copied
}

/** How rows are mended. */
interface Mending extends Sides {
  /** Whether foreign keys are checked at the end of the transaction. */
  readonly isDeferred: boolean
  /** Checks foreign keys by each deletion: at the end of the transaction nobody could tell which row is in the way. */
  readonly isCareful: boolean
}

async function mendRows(run: Run, copied: Copies, sides: Mending): Promise<void> {
  run.begin('compare')
  const comparisons = run.pairs.map((pair) => new Comparison(run, pair, sides))
  for (const comparison of comparisons) await comparison.mend(copied.get(comparison.pair) ?? {})
  const counts = await countRows(comparisons)
  const { checkAtOnceSql, deferSql } = run.work.kind
  if (sides.isCareful && checkAtOnceSql !== undefined) await tryToSay(sides.trx, checkAtOnceSql)
  for (let before = -1; before !== run.rows;) {
    before = run.rows
    for (const { gone } of comparisons.toReversed()) await gone.delete()
    for (const { changed } of comparisons) await changed.tryAgain()
  }
  if (sides.isCareful && sides.isDeferred && deferSql !== undefined) {
    await ask(sides.trx, deferSql)
    await GoneRows.deleteTogether(comparisons.map(({ gone }) => gone))
    await ask(sides.trx, deferSql)
  }
  if (sides.isTolerant) return
  for (const [comparison, count] of counts) {
    const fewer = count - (await comparison.count())
    if (fewer > 0) await comparison.taken.putBackAll(fewer)
  }
  await putBackAgain(comparisons)
  for (const comparison of comparisons) await comparison.settle()
}

/** Rows that went together may point at one another. */
async function putBackAgain(comparisons: readonly Comparison[]): Promise<void> {
  for (let back = 1; back > 0;) {
    back = 0
    for (const { taken } of comparisons) back += await taken.tryAgain()
  }
}

/** The primary may delete other rows together with those that are gone. */
async function countRows(comparisons: readonly Comparison[]): Promise<Map<Comparison, number>> {
  const counts = new Map<Comparison, number>()
  if (comparisons.some(({ gone }) => gone.rows.length > 0))
    for (const comparison of comparisons) counts.set(comparison, await comparison.count())
  return counts
}
