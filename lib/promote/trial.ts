import type { Knex } from 'knex'
import { describeCause } from '../engine/errors/describe-cause.ts'
import { ask } from './ask.ts'
import { copyGroup, within } from './copy.ts'
import type { Group, TablePair } from './plan.ts'
import { isRefusal, tryToSay, type Run } from './run.ts'
import type { TargetRow } from './row-maker.ts'
import type { Work } from './table-copy.ts'

/** Takes a trial back. */
class Undo extends Error {}

/**
 * Inserts everything, names what the primary refuses, and takes all of it back. Returns whether nothing was refused.
 *
 * @param always - also where the primary shows no rules beyond the types of its columns.
 */
export async function tryRows(run: Run, always: boolean): Promise<boolean> {
  const isPlain = run.pairs.every(({ target }) => !target.isChoosy && target.references.length === 0)
  if ((isPlain && !always) || run.found === 0) return true
  const before = run.differences.size
  run.begin('try')
  try {
    await run.inTransaction(async (trx) => {
      for (const group of run.groups) await tryGroup(run, trx, group)
      throw new Undo()
    })
  } catch (error) {
    if (!(error instanceof Undo)) throw error
  }
  return run.differences.size === before
}

async function tryGroup(run: Run, trx: Knex.Transaction, group: Group): Promise<void> {
  const { standIn, kind } = run.work
  // A row that points at nothing is refused by itself, and not at the end.
  if (group.isWhole && kind.deferSql !== undefined) await ask(trx, kind.deferSql)
  if (!group.isWhole && kind.checkAtOnceSql !== undefined) await tryToSay(trx, kind.checkAtOnceSql)
  await copyGroup(run, group, {
    ...within(standIn, trx),
    insert: (inner, pair, target, rows) =>
      tryChunk(run, inner, pair, rows, (deep, some) =>
        target.insert(
          deep,
          some.map(({ texts }) => texts),
        ),
      ),
    fillIn: (inner, pair, rows, work) => tryChunk(run, inner, pair, rows, work),
  })
  if (!group.isWhole || !kind.checkDeferred) return
  try {
    await trx.transaction(kind.checkDeferred)
  } catch (error) {
    run.differ(group.pairs[0]!, undefined, describeCause(error).message)
  }
}

/** Finds the rows that are refused, by halves. */
async function tryChunk(
  run: Run,
  trx: Knex.Transaction,
  pair: TablePair,
  rows: readonly TargetRow[],
  work: Work,
): Promise<void> {
  if (rows.length === 0) return
  try {
    await trx.transaction((inner) => work(inner, rows))
  } catch (error) {
    if (!isRefusal(error)) throw error
    if (rows.length === 1)
      return run.differ(pair, rows[0]!.key, describeCause(error).message, columnOf(error))
    const half = Math.ceil(rows.length / 2)
    await tryChunk(run, trx, pair, rows.slice(0, half), work)
    await tryChunk(run, trx, pair, rows.slice(half), work)
  }
}

/** The column that a server's error speaks of. */
function columnOf(error: unknown): string | undefined {
  const { column, where = '' } = error as { column?: string; where?: string }
  return column ?? /, column (\w+)/.exec(where)?.[1]
}
