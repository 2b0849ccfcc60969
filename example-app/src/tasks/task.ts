import { Model, snakeCaseMappers, type ColumnNameMappers, type JSONSchema, type Pojo } from 'objection'
import { taskSchema, type TaskInput } from './task-schema.ts'

/**
 * A row of `tasks`. Ask with `Task.query(ctx.db)`: a model is never bound to one database.
 *
 * Its fields are declared, not defined: a class field would hide what the row holds.
 */
export class Task extends Model {
  declare id: string
  declare title: string
  declare description: string
  declare completed: boolean
  /** ISO 8601 in UTC with milliseconds, which is also how it is stored: see the migration. */
  declare createdAt: string
  declare updatedAt: string
  /** What a search looks at; never shown. */
  declare search: string

  static override tableName = 'tasks'
  static override jsonSchema: JSONSchema = taskSchema as JSONSchema
  static override columnNameMappers: ColumnNameMappers = snakeCaseMappers()

  /** SQLite and MySQL give a boolean back as a number. */
  override $parseDatabaseJson(row: Pojo): Pojo {
    const json = super.$parseDatabaseJson(row)
    if ('completed' in json) json['completed'] = Boolean(json['completed'])
    return json
  }

  override $formatJson(json: Pojo): Pojo {
    const { id, title, description, completed, createdAt, updatedAt } = super.$formatJson(json)
    return { id, title, description, completed, createdAt, updatedAt }
  }
}

/**
 * The text that is searched, in lower case by the rules of Unicode: the databases have rules of their own, and SQLite knows ASCII
 * only. The separator keeps a match from reaching from one field into the next.
 */
export function searchText({ title, description }: Pick<TaskInput, 'title' | 'description'>): string {
  return `${title}\u001F${description}`.toLowerCase()
}
