import type { Knex } from 'knex'
import type { QueryBuilder } from 'objection'
import { v7, validate as isUuid } from 'uuid'
import { HttpProblem } from '../http/http-problem.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import { searchText, Task, taskAnswer, type TaskAnswer } from './task.ts'
import { taskOrders, type TaskQuery } from './task-query.ts'
import type { TaskInput } from './task-schema.ts'

/** A part of a list, and how to go on. */
export interface TaskPage {
  readonly items: readonly TaskAnswer[]
  readonly nextCursor: string | null
  readonly total: number | null
}

/** Lists tasks, a page at a time. A page costs the same wherever it stands in the list. */
export async function listTasks(db: Knex, query: TaskQuery): Promise<TaskPage> {
  const { column, direction } = taskOrders[query.sort]
  const rows = await matching(db, query)
    .select('id', 'title', 'description', 'completed', 'created_at', 'updated_at')
    .modify(startAfterCursor, query)
    .orderBy([
      { column, order: direction },
      { column: 'id', order: direction },
    ])
    // One more than asked for tells whether there is another page.
    .limit(query.limit + 1)
  const page = rows.slice(0, query.limit)
  const last = rows.length > page.length ? page.at(-1) : undefined
  return {
    items: page.map(taskAnswer),
    nextCursor: last ? encodeCursor({ sort: query.sort, value: last[column], id: last.id }) : null,
    total: query.count ? await matching(db, query).resultSize() : null,
  }
}

function matching(db: Knex, { completed, q }: TaskQuery): QueryBuilder<Task> {
  const builder = Task.query(db)
  if (completed !== undefined) void builder.where({ completed })
  if (q) void builder.whereRaw("search like ? escape '!'", `%${q.toLowerCase().replace(/[!%_]/g, '!$&')}%`)
  return builder
}

/** The one form of the condition that SQLite, PostgreSQL and MySQL all answer from the index. */
function startAfterCursor(builder: QueryBuilder<Task>, { cursor, sort }: TaskQuery): void {
  if (cursor === undefined) return
  const { column, direction } = taskOrders[sort]
  const { value, id } = decodeCursor(cursor, sort)
  const beyond = direction === 'asc' ? '>' : '<'
  void builder
    .where(column, `${beyond}=`, value)
    .where((either) => either.where(column, beyond, value).orWhere('id', beyond, id))
}

/** Creates a task. */
export async function createTask(db: Knex, input: TaskInput): Promise<TaskAnswer> {
  const now = new Date().toISOString()
  const row = { ...input, id: v7(), created_at: now, updated_at: now, search: searchText(input) }
  return taskAnswer(await Task.query(db).insert(row))
}

/** Reads a task, or answers 404. */
export async function readTask(db: Knex, id: string): Promise<TaskAnswer> {
  return taskAnswer(found(id, await Task.query(db).findById(checked(id))))
}

/** Changes the fields that are given, or answers 404. The row is locked from the read to the write, so that no other change falls between. */
export async function changeTask(db: Knex, id: string, change: Partial<TaskInput>): Promise<TaskAnswer> {
  const task = found(id, await Task.query(db).findById(checked(id)).forUpdate())
  task.$set({ ...change, updated_at: new Date().toISOString() })
  await Task.query(db)
    .findById(id)
    .patch({ ...change, updated_at: task.updated_at, search: searchText(task) })
  return taskAnswer(task)
}

/** Deletes a task, or answers 404. */
export async function deleteTask(db: Knex, id: string): Promise<void> {
  const deleted = await Task.query(db).deleteById(checked(id))
  found(id, deleted > 0 || undefined)
}

/** What has not the form of an id is none, and is not sent to a database that might refuse it in its own way. */
function checked(id: string): string {
  return found(id, isUuid(id) ? id : undefined)
}

function found<T>(id: string, result: T | undefined): T {
  if (result === undefined) throw new HttpProblem(404, { detail: `There is no task ${id}.` })
  return result
}
