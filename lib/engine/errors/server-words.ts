import { nameResult } from '../sqlite/result-codes.ts'

/** What an error says, read from an object that may be anything. */
export interface ServerWords {
  readonly name: string
  /** The code that a person would look up. */
  readonly code?: string
  /** All that it can be recognized by: the code, its family, and the number beside it. */
  readonly codes: readonly string[]
  /** The words alone, without the statement that knex puts before them. */
  readonly message: string
  /** PostgreSQL's own: `FATAL` ends the connection. */
  readonly severity?: string
}

/** Takes the secrets out of a text. */
export type Redact = (text: string) => string

/** Numbers below are those of the system and of SQLite. */
const firstServerNumber = 1000

/** Reads the fields of an error. */
export function readWords(error: unknown, redact: Redact = (text) => text): ServerWords {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', codes: [], message: redact(String(error)) }
  const fields = error as Readonly<Record<string, unknown>>
  const read = (key: string): string | undefined => {
    const value = fields[key]
    return typeof value === 'string' ? value : undefined
  }
  const number = readNumber(fields['errno'])
  // mysql2 has no names for the numbers of proxies.
  const code = readResult(fields) ?? read('code') ?? number
  const family = code === undefined ? undefined : /^SQLITE_[A-Z]+|^ERR_SSL(?=_)/.exec(code)?.[0]
  const severity = read('severity')
  return {
    name: read('name') ?? 'Error',
    message: redact(withoutStatement(read('sqlMessage') ?? read('message') ?? '')),
    codes: [code, family, number].filter((each) => each !== undefined),
    ...(code !== undefined && { code }),
    ...(severity !== undefined && { severity }),
  }
}

function readNumber(errno: unknown): string | undefined {
  return typeof errno === 'number' && errno >= firstServerNumber ? String(errno) : undefined
}

/** node:sqlite has one code for all, and the number beside it. */
function readResult({ code, errcode }: Readonly<Record<string, unknown>>): string | undefined {
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' ? nameResult(errcode) : undefined
}

const statement =
  /^\s*[(/]*\s*(alter|analyze|begin|call|commit|copy|create|delete|do|drop|execute|explain|grant|insert|kill|lock|merge|pragma|refresh|release|replace|reset|revoke|rollback|savepoint|select|set|show|start|truncate|update|use|vacuum|values|with)\b/i

/** knex puts the statement, which may hold values, before the words of the server. */
function withoutStatement(message: string): string {
  const end = message.lastIndexOf(' - ')
  return end > 0 && statement.test(message) ? message.slice(end + 3) : message
}
