import { Model, snakeCaseMappers, type ColumnNameMappers, type JSONSchema, type Pojo } from 'objection'

export class Task extends Model {
  declare id: string
  declare title: string
  declare description: string
  declare completed: boolean
  declare createdAt: string
  declare updatedAt: string

  static override tableName = 'tasks'
  static override columnNameMappers: ColumnNameMappers = snakeCaseMappers()
  static override jsonSchema: JSONSchema = {
    type: 'object',
    required: ['title'],
    properties: {
      id: { type: 'string' },
      title: { type: 'string', minLength: 1, maxLength: 200 },
      description: { type: 'string', maxLength: 5_000, default: '' },
      completed: { type: 'boolean', default: false },
      createdAt: { type: 'string' },
      updatedAt: { type: 'string' },
    },
  }

  override $parseDatabaseJson(row: Pojo): Pojo {
    const json = super.$parseDatabaseJson(row)
    if ('completed' in json) json['completed'] = Boolean(json['completed'])
    return json
  }
}
