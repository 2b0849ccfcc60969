import { Model } from 'objection'
import type { TaskInput } from './task-schema.ts'

/** A task, as it is answered. */
export interface TaskAnswer extends TaskInput {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
}

/**
 * A row of `tasks`. Ask with `Task.query(ctx.db)`: a model is never bound to one database.
 *
 * Its fields are the columns as they are, so that a row is not copied on its way. They are declared, not defined: a class field would
 * hide what the row holds.
 */
export class Task extends Model {
  declare id: string
  declare title: string
  declare description: string
  /** SQLite and MySQL give a boolean back as a number. */
  declare completed: boolean | number
  /** ISO 8601 in UTC with milliseconds, which is also how it is stored: see the migration. */
  declare created_at: string
  declare updated_at: string
  /** What a search looks at; never shown. */
  declare search: string

  static override tableName = 'tasks'
}

/** A row as it is answered. */
export function taskAnswer({ id, title, description, completed, created_at, updated_at }: Task): TaskAnswer {
  return {
    id,
    title,
    description,
    completed: Boolean(completed),
    createdAt: created_at,
    updatedAt: updated_at,
  }
}

/** The text that is searched. The separator keeps a match from reaching from one field into the next. */
export function searchText({ title, description }: Pick<TaskInput, 'title' | 'description'>): string {
  return withoutCase(`${title}\u001F${description}`)
}

/**
 * In lower case by the rules of Unicode: the databases have rules of their own, and SQLite knows ASCII only. A sigma has two lower
 * cases, by where it stands in a word, which a part of a word does not tell.
 */
export function withoutCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ')
}
