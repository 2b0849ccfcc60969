import { crc32 } from 'node:zlib'
import { HttpProblem } from '../http/http-problem.ts'
import { isStorable } from '../http/json-schema.ts'
import type { TaskOrder } from './task-query.ts'

/** The place in a list after which the next page begins. */
export interface Position {
  readonly sort: TaskOrder
  /** What the last task of the page is sorted by. */
  readonly value: string
  readonly id: string
}

/** Writes a position as text that a client hands back as it is. */
export function encodeCursor({ sort, value, id }: Position): string {
  const text = Buffer.from(JSON.stringify([sort, value, id])).toString('base64url')
  return `${text}.${checksum(text)}`
}

/**
 * Reads a cursor back.
 *
 * @throws a 400 where it was changed, cut off, or made for another order.
 */
export function decodeCursor(cursor: string, sort: TaskOrder): Position {
  const [text = ''] = cursor.split('.')
  const place = cursor === `${text}.${checksum(text)}` ? parse(text) : undefined
  if (!isPlace(place)) throw refused('is not a cursor that this service gave out')
  const [madeFor, value, id] = place
  if (madeFor !== sort) throw refused(`was given out for sort=${madeFor}`)
  return { sort, value, id }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Whoever reads this file can write a checksum. What then stands in the cursor must still be something to compare with. */
function isPlace(place: unknown): place is [string, string, string] {
  return (
    Array.isArray(place) &&
    place.length === 3 &&
    place.every((part) => typeof part === 'string' && isStorable(part))
  )
}

/** It finds accidents, and keeps nobody out: a cursor opens nothing that its reader could not ask for anyway. */
function checksum(text: string): string {
  return crc32(`tasks ${text}`).toString(16).padStart(8, '0')
}

function refused(detail: string): HttpProblem {
  const errors = [{ parameter: 'cursor', detail }]
  return new HttpProblem(400, { detail: `The query is not valid: cursor ${detail}.`, errors })
}
