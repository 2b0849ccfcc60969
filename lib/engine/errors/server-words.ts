/** What an error says, read from an object that may be anything. */
export interface ServerWords {
  readonly name: string
  /** The code that a person would look up. */
  readonly code?: string
  /** All that it can be recognized by: a code, and the number beside it. */
  readonly codes: readonly string[]
  readonly message: string
  /** PostgreSQL's own: `FATAL` ends the connection. */
  readonly severity?: string
  /** PostgreSQL's own, beside the message. */
  readonly detail?: string
}

/** Numbers below are those of the system and of SQLite. */
const firstServerNumber = 1000

/** Reads the fields of an error that may be anything. */
export function readWords(error: unknown): ServerWords {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', codes: [], message: typeof error === 'string' ? error : describeValue(error) }
  const read = (key: string): string | undefined => {
    const value = (error as Readonly<Record<string, unknown>>)[key]
    return typeof value === 'string' ? value : undefined
  }
  const { errno } = error as { errno?: unknown }
  const number = typeof errno === 'number' && errno >= firstServerNumber ? String(errno) : undefined
  // mysql2 has names for MySQL's numbers only.
  const code = read('code') ?? number
  const [severity, detail] = [read('severity'), read('detail')]
  return {
    name: read('name') ?? 'Error',
    message: read('sqlMessage') ?? read('message') ?? '',
    codes: [read('code'), number].filter((each) => each !== undefined),
    ...(code !== undefined && { code }),
    ...(severity !== undefined && { severity }),
    ...(detail !== undefined && { detail }),
  }
}

function describeValue(value: unknown): string {
  return String(value)
}
