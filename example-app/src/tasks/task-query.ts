import { storable, type ObjectSchema } from '../http/json-schema.ts'
import { taskSchema } from './task-schema.ts'

/** The orders that a list can have; each has an index behind it, with the id as the tie-breaker. */
export const taskOrders = {
  '-createdAt': { column: 'created_at', direction: 'desc' },
  createdAt: { column: 'created_at', direction: 'asc' },
  title: { column: 'title', direction: 'asc' },
  '-title': { column: 'title', direction: 'desc' },
} as const
/** The name of an order. */
export type TaskOrder = keyof typeof taskOrders

/** Which tasks, in which order, and how many. */
export interface TaskQuery {
  limit: number
  sort: TaskOrder
  cursor?: string
  completed?: boolean
  q?: string
  count: boolean
}

/** What a list can be asked for. */
export const taskQuerySchema: ObjectSchema = {
  title: 'TaskQuery',
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20, description: 'How many tasks at most' },
    cursor: { type: 'string', maxLength: 2_000, description: 'The nextCursor of the page before' },
    completed: { type: 'boolean', description: 'Only tasks that are, or are not, completed' },
    q: {
      type: 'string',
      maxLength: 200,
      pattern: storable,
      description: 'Only tasks with this text in title or description; upper and lower case are the same',
    },
    sort: {
      type: 'string',
      enum: Object.keys(taskOrders),
      default: '-createdAt',
      description: 'By time of creation, or by title (by code point); a minus sign reverses',
    },
    count: {
      type: 'boolean',
      default: false,
      description: 'Whether to count all matching tasks, which costs',
    },
  },
}

/** A page of a list, as it is answered. */
export const taskPageSchema: ObjectSchema = {
  title: 'TaskPage',
  type: 'object',
  required: ['items', 'nextCursor', 'total'],
  properties: {
    items: { type: 'array', items: taskSchema },
    nextCursor: {
      type: ['string', 'null'],
      description:
        'For the next page; null on the last. A search looks at 50,000 tasks for one page, which may then be short',
    },
    total: {
      type: ['integer', 'null'],
      description:
        'All matching tasks; null unless count=true, and where a search would have to look at more than 50,000',
    },
  },
}
