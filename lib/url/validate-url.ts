import { readUrl } from './read-url.ts'
import type { UrlValidation, ValidateUrlOptions } from './validation.ts'

/**
 * Reads a database URL: what it points at, or every problem that it has. It never throws, whatever it is given. Of all that it
 * returns, only {@link Secret.reveal} shows a password.
 *
 * PostgreSQL URLs and keyword strings are read as libpq reads them, MySQL URLs in the same shape, SQLite URLs as SQLAlchemy does.
 * Mistakes with one possible reading are repaired and reported as warnings; mistakes with none, or several, are problems.
 *
 * @param input - the text, of at most 65,536 UTF-16 units; anything but a string is a problem.
 * @param options - `strict`: refuse what could be repaired; `false` by default.
 * @returns the target, or the problems; warnings in both cases; all of it frozen. Any text code of `docs/problems.md` can be among
 *   the problems.
 *
 * @example
 * ```ts
 * const result = validateUrl('postgres://app:s3cret@db.example.com/todo')
 * result.valid // true
 * result.redacted // 'postgres://app:***@db.example.com:5432/todo'
 *
 * validateUrl('postgres://app:pa/ss@db.example.com/todo', { strict: true }).valid // false
 * ```
 */
export function validateUrl(input: unknown, options?: ValidateUrlOptions): UrlValidation {
  return readUrl(input, { subject: 'The database URL', strict: isStrict(options) })
}

/** Options are not trusted either: an accessor that throws counts as absent. */
function isStrict(options: unknown): boolean {
  try {
    return typeof options === 'object' && options !== null && 'strict' in options && options.strict === true
  } catch {
    return false
  }
}
