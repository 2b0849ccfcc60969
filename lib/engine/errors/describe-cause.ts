import type { Cause } from '../../problem/cause.ts'

/** Reduces an error to its name, code and message, without the statement that knex puts before the message. */
export function describeCause(error: unknown): Cause {
  const { name, code, message } = readError(firstOf(error))
  const text = message.slice(message.lastIndexOf(' - ') + 1).replace(/^- /, '')
  return code === undefined ? { name, message: text } : { name, code, message: text }
}

/** Where every address of a host failed, Node's error has no message of its own. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.message === '' ? error.errors[0] : error
}

/** Reads the fields of an error that may be anything. */
export function readError(error: unknown): { name: string; code?: string; message: string } {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error) }
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown }
  const texts = {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : '',
  }
  return typeof code === 'string' ? { ...texts, code } : texts
}
