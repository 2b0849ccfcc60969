import { setImmediate } from 'node:timers/promises'
import type { Knex } from 'knex'
import pLimit from 'p-limit'
import type { Position } from './cursor.ts'
import { Task } from './task.ts'
import { taskOrders, type TaskQuery } from './task-query.ts'
import { inOrder, positionOf, within, type Range } from './task-range.ts'

/** As many tasks are looked at in one statement, so that each is short. */
const sliceSize = 2_000
/** As many slices at most for one search, which is 50,000 tasks. */
const mostSlices = 25

const oneAtATime = pLimit(1)

/**
 * Runs a statement that looks at a slice. There is one of them at a time, whoever asks, and everybody else has a turn before it: some drivers
 * for SQLite hold up the whole process while they look.
 */
export async function shortly<T>(statement: () => PromiseLike<T>): Promise<T> {
  return oneAtATime(async () => {
    await setImmediate()
    return statement()
  })
}

/** Cuts what is to be looked at into slices. The last one ends nowhere, unless a search would cost too much: to count costs less. */
export async function* inSlices(db: Knex, query: TaskQuery, start?: Position): AsyncGenerator<Range> {
  const most = query.q ? mostSlices : Infinity
  let after = start
  for (let slice = 0; slice < most; slice += 1) {
    const upTo = await endOfSlice(db, query, after)
    yield { after, upTo }
    if (!upTo) return
    after = upTo
  }
}

async function endOfSlice(db: Knex, query: TaskQuery, after?: Position): Promise<Position | undefined> {
  const { completed, sort } = query
  const end = await shortly(() =>
    Task.query(db)
      .select('id', taskOrders[sort].column)
      .where(completed === undefined ? {} : { completed })
      .modify(within, sort, { after })
      .modify(inOrder, sort)
      .offset(sliceSize - 1)
      .limit(1)
      .first(),
  )
  return end && positionOf(end, sort)
}
