import { postgres } from './dialects/postgres.ts'
import { span, type Address, type Piece, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { readQuery } from './query.ts'
import { cutParameters } from './separators.ts'

const start = /^\s*([a-z_]{2,40})\s*=/
const parts = new Set([
  'host',
  'port',
  'user',
  'password',
  'dbname',
  'sslmode',
  'requiressl',
  'sslrootcert',
  'sslcert',
  'sslkey',
])

/** What only ADO and its kin call parts of an address, between semicolons. */
const foreign = /;\s*(?:server|data source|username|user id|uid|pwd|database|initial catalog)\s*=/i

/** What other programs call the parts, of which libpq knows none. The user would be another one, or the database. */
const otherNames: Readonly<Record<string, string>> = {
  hostname: 'host',
  server: 'host',
  username: 'user',
  pass: 'password',
  passwd: 'password',
  pwd: 'password',
  database: 'dbname',
  db: 'dbname',
}

/** A part that follows another one, with nothing but a blank between them. */
const second = /(?<![;\s])\s+(?:host|port|user|password|dbname)\s{0,8}=/

/** Whether a text is a keyword string of libpq: `host=localhost dbname=todo`. */
export function isKeywordString(text: string): boolean {
  const name = start.exec(text)?.[1] ?? ''
  const unquoted = text.replaceAll(/'(?:[^'\\]|\\.)*(?:'|$)/gsu, "''")
  const isLibpq = second.test(unquoted)
  const isKnown =
    parts.has(name) || postgres.parameters.has(name) || (Object.hasOwn(otherNames, name) && isLibpq)
  return isKnown && (isLibpq || !foreign.test(unquoted))
}

const pair = /\s*([^\s=]+)\s*=\s*(?!\s)(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)(?:[^\s\\]|\\.)*)?(?=\s|$))/suy

/** Parameters whose values may hold anything. */
const whole: ReadonlySet<string> = new Set(['password', 'options'])

function refuseOtherNames(settings: readonly Setting[], found: Findings): void {
  for (const setting of settings) {
    const name = Object.hasOwn(otherNames, setting.name) && otherNames[setting.name]
    const expected = `${name} in its place, as libpq calls it`
    if (name) found.refuse('invalid-parameter', { parameter: setting.name, expected }, span(setting))
  }
}

/** A value, and the parameters behind it that a ";" or a "&" was to separate. */
function readValue(name: string, piece: Piece, found: Findings): Setting[] {
  const { rest, query } = cutParameters(piece, postgres, found)
  const value = rest.text.replaceAll(/\\(.)/gsu, '$1')
  return [{ ...rest, name, value }, ...(query ? readQuery(query, postgres, found) : [])]
}

/** The name of the value that a keyword string ends with, unless the quotes around it are closed. */
export function openKeyword(text: string): string | undefined {
  const longer = `${text}x`
  const last = [...longer.matchAll(new RegExp(pair, 'gsuy'))].at(-1)
  return last && last.index + last[0].length === longer.length ? last[1] : undefined
}

/** Reads a keyword string. A value may be in single quotes; a backslash takes the next character literally. */
export function readKeywordString(text: Piece, found: Findings): Address | undefined {
  const settings: Setting[] = []
  const end = text.text.trimEnd().length
  for (pair.lastIndex = 0; pair.lastIndex < end;) {
    const from = pair.lastIndex
    const match = pair.exec(text.text)
    if (!match) {
      const at = { start: text.start + from, end: text.start + end }
      const expected =
        "name=value, with values that hold a space in single quotes, and \\' for a quote in them"
      found.refuse('invalid-parameter', { parameter: '…', expected }, at)
      return undefined
    }
    const raw = match[2] ?? match[3] ?? ''
    const offset = match[0].length - raw.length - (match[2] === undefined ? 0 : 1)
    const value = raw.replaceAll(/\\(.)/gsu, '$1')
    const piece = { text: raw, start: text.start + match.index + offset }
    const name = String(match[1])
    if (match[2] !== undefined || whole.has(name)) settings.push({ ...piece, name, value })
    else settings.push(...readValue(name, piece, found))
  }
  refuseOtherNames(settings, found)
  return { settings }
}
