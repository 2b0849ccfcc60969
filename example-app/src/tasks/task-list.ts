import type { Knex } from 'knex'
import type { QueryBuilder } from 'objection'
import { decodeCursor, encodeCursor, type Position } from './cursor.ts'
import { inSlices, shortly } from './slices.ts'
import { Task, taskAnswer, withoutCase, type TaskAnswer } from './task.ts'
import type { TaskQuery } from './task-query.ts'
import { inOrder, positionOf, within, type Range } from './task-range.ts'

/** A part of a list, and how to go on. */
export interface TaskPage {
  readonly items: readonly TaskAnswer[]
  readonly nextCursor: string | null
  readonly total: number | null
}

/** Lists tasks, a page at a time. A page costs the same wherever it stands in the list; a search costs no more than its slices. */
export async function listTasks(db: Knex, query: TaskQuery): Promise<TaskPage> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor, query.sort)
  const { rows, next } = query.q ? await search(db, query, after) : await page(db, query, { after })
  return {
    items: rows.map(taskAnswer),
    nextCursor: next ? encodeCursor(next) : null,
    total: query.count ? await count(db, query) : null,
  }
}

interface Found {
  readonly rows: readonly Task[]
  /** Where to go on. */
  readonly next: Position | undefined
}

async function page(db: Knex, query: TaskQuery, range: Range): Promise<Found> {
  // One more than asked for tells whether there is another page.
  const rows = await select(db, query, range).limit(query.limit + 1)
  return cut(rows, query, undefined)
}

async function search(db: Knex, query: TaskQuery, after: Position | undefined): Promise<Found> {
  const rows: Task[] = []
  let next: Position | undefined
  for await (const slice of inSlices(db, query, after)) {
    rows.push(...(await shortly(() => select(db, query, slice).limit(query.limit + 1 - rows.length))))
    next = slice.upTo
    if (rows.length >= query.limit) break
  }
  return cut(rows, query, next)
}

async function count(db: Knex, query: TaskQuery): Promise<number | null> {
  let total = 0
  let rest: Position | undefined
  for await (const slice of inSlices(db, query)) {
    total += await shortly(() => matching(db, query).modify(within, query.sort, slice).resultSize())
    rest = slice.upTo
  }
  return rest ? null : total
}

function cut(rows: readonly Task[], { limit, sort }: TaskQuery, next: Position | undefined): Found {
  const last = rows[limit - 1]
  return rows.length > limit && last
    ? { rows: rows.slice(0, limit), next: positionOf(last, sort) }
    : { rows, next }
}

function select(db: Knex, query: TaskQuery, range: Range): QueryBuilder<Task> {
  return matching(db, query)
    .select('id', 'title', 'description', 'completed', 'created_at', 'updated_at')
    .modify(within, query.sort, range)
    .modify(inOrder, query.sort)
}

function matching(db: Knex, { completed, q }: TaskQuery): QueryBuilder<Task> {
  const builder = Task.query(db)
  if (completed !== undefined) void builder.where({ completed })
  if (q) void builder.whereRaw("search like ? escape '!'", `%${withoutCase(q).replace(/[!%_]/g, '!$&')}%`)
  return builder
}
