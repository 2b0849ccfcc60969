import type { Knex } from 'knex'
import { v7, validate as isUuid } from 'uuid'
import { HttpProblem } from '../http/http-problem.ts'
import { requireMatch, type Conditions } from './etag.ts'
import { searchText, Task, taskAnswer, type TaskAnswer } from './task.ts'
import type { TaskInput } from './task-schema.ts'

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

/**
 * Changes the fields that are given, or answers 404. The row is locked from the read to the write, so that no other change falls
 * between.
 */
export async function changeTask(
  db: Knex,
  id: string,
  change: Partial<TaskInput>,
  conditions: Conditions,
): Promise<TaskAnswer> {
  const task = found(id, await Task.query(db).findById(checked(id)).forUpdate())
  requireMatch(taskAnswer(task), conditions)
  task.$set({ ...change, updated_at: timeAfter(task.updated_at) })
  await Task.query(db)
    .findById(task.id)
    .patch({ ...change, updated_at: task.updated_at, search: searchText(task) })
  return taskAnswer(task)
}

/** Now, but later than the change before, also within its millisecond or where the clock was set back: the time names what a task is. */
function timeAfter(last: string): string {
  return new Date(Math.max(Date.now(), Date.parse(last) + 1)).toISOString()
}

/** Deletes a task, or answers 404. */
export async function deleteTask(db: Knex, id: string, conditions: Conditions): Promise<void> {
  const task = found(id, await Task.query(db).findById(checked(id)).forUpdate())
  requireMatch(taskAnswer(task), conditions)
  await Task.query(db).deleteById(task.id)
}

/** What has not the form of an id is none, and is not sent to a database that might refuse it in its own way. It is stored in lower case. */
function checked(id: string): string {
  return found(id, isUuid(id) ? id.toLowerCase() : undefined)
}

function found<T>(id: string, result: T | undefined): T {
  if (result === undefined) throw new HttpProblem(404, { detail: `There is no task ${id}.` })
  return result
}
