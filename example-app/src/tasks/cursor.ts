import { validate as isUuid } from 'uuid'
import { HttpProblem } from '../http/http-problem.ts'
import { isStorable } from '../http/json-schema.ts'
import { taskOrders, type TaskOrder } from './task-query.ts'

/** The place in a list after which the next page begins. */
export interface Position {
  readonly sort: TaskOrder
  /** What the last task of the page is sorted by. */
  readonly value: string
  readonly id: string
}

/** Writes a position as text that a client hands back as it is. */
export function encodeCursor({ sort, value, id }: Position): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url')
}

/**
 * Reads a cursor back. It is not signed: whoever writes one gets a page that could be asked for anyway.
 *
 * @throws a 400 where it has another form, or was made for another order.
 */
export function decodeCursor(cursor: string, sort: TaskOrder): Position {
  const position = parse(cursor)
  // Base64 and JSON have many spellings of the same thing; a cursor that was not cut or lengthened has this one.
  if (!position || encodeCursor(position) !== cursor)
    throw refused('is not a cursor that this service gave out')
  if (position.sort !== sort) throw refused(`was given out for sort=${position.sort}`)
  return position
}

function parse(cursor: string): Position | undefined {
  try {
    const [sort, value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]
    return isOrder(sort) && isText(value) && isUuid(id) ? { sort, value, id: id as string } : undefined
  } catch {
    return undefined
  }
}

function isOrder(sort: unknown): sort is TaskOrder {
  return typeof sort === 'string' && Object.hasOwn(taskOrders, sort)
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isStorable(value)
}

function refused(detail: string): HttpProblem {
  const errors = [{ parameter: 'cursor', detail }]
  return new HttpProblem(400, { detail: `The query is not valid: cursor ${detail}.`, errors })
}
