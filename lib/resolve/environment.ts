/** Variables by name. Values are unknown because a plain object may hold anything. */
export type Environment = Readonly<Record<string, unknown>>

/** Zero-width characters and quotes are what is left of a value that somebody meant to be empty. */
const blank = /^[\s\u200b\u2060\ufeff"']*$/

/** Tells whether a variable counts as absent: not set, or nothing but white space and quotes. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && blank.test(value))
}

/** Tells whether a variable is set, though to nothing but white space and quotes. */
export function isSetButBlank(value: unknown): boolean {
  return typeof value === 'string' && isBlank(value)
}

/** Shows a value that is no secret in a message: one line, short, and not at all where it looks like an address, or like a password with its name. */
export function printable(value: unknown): string {
  const text = String(value)
  if (/[@/=:\s]/.test(text.trim())) return '…'
  const line = text.replace(/[^\x20-\x7e]/g, '?')
  return line.length > 24 ? `${line.slice(0, 24)}…` : line
}
