import { notBlank, storable, type JsonSchema, type ObjectSchema } from '../http/json-schema.ts'

/** What a client says of a task. */
export interface TaskInput {
  title: string
  description: string
  completed: boolean
}

const id: JsonSchema = { type: 'string', format: 'uuid', description: 'A UUID, version 7' }
const title: JsonSchema = {
  type: 'string',
  minLength: 1,
  maxLength: 200,
  allOf: [{ pattern: notBlank }, { pattern: storable }],
  examples: ['Water the plants'],
}
const description: JsonSchema = { type: 'string', maxLength: 5_000, pattern: storable }
const completed: JsonSchema = { type: 'boolean' }
const time: JsonSchema = { type: 'string', format: 'date-time', description: 'UTC, with milliseconds' }

/** A task, as it is answered. */
export const taskSchema: ObjectSchema = {
  title: 'Task',
  type: 'object',
  required: ['id', 'title', 'description', 'completed', 'createdAt', 'updatedAt'],
  properties: { id, title, description, completed, createdAt: time, updatedAt: time },
}

/** A whole task, as a client creates or replaces it. */
export const taskInputSchema: ObjectSchema = {
  title: 'TaskInput',
  type: 'object',
  required: ['title'],
  additionalProperties: false,
  properties: {
    title,
    description: { ...description, default: '' },
    completed: { ...completed, default: false },
  },
}

/** The fields to change, at least one. */
export const taskPatchSchema: ObjectSchema = {
  title: 'TaskPatch',
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  properties: { title, description, completed },
}

/** The id of a task. */
export const taskIdSchema: JsonSchema = id
