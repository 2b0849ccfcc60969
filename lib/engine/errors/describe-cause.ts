import type { Cause } from '../../problem/cause.ts'
import { readWords, type Redact, type ServerWords } from './server-words.ts'

/** Reduces an error to its name, code and message. */
export function describeCause(error: unknown, redact?: Redact): Cause {
  return causeOf(readWords(firstOf(error), redact))
}

/** What is kept of the words of an error. */
export function causeOf({ name, code, message }: ServerWords): Cause {
  return code === undefined ? { name, message } : { name, code, message }
}

/** Where every address of a host failed, Node's error has no message of its own. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError && error.message === '' ? error.errors[0] : error
}
