import { cleanText } from './clean.ts'
import { deepFreeze } from './deep-freeze.ts'
import { describeType } from './describe-type.ts'
import type { Problem } from '../problem/problem.ts'
import type { Piece } from './field.ts'
import { span } from './field.ts'
import { Findings } from './findings.ts'
import { formatUrl } from './format-url.ts'
import { parseJsonSecret, readJsonSecret } from './json-secret.ts'
import { isKeywordString, readKeywordString } from './keyword-string.ts'
import { readScheme, type SchemeReading } from './scheme.ts'
import { jdbcKind, type ServerKind } from './dialects/kind.ts'
import { kinds } from './kinds.ts'
import { readServerTarget } from './server-target.ts'
import { readServerUrl } from './server-url.ts'
import { readSqliteUrl } from './sqlite-url.ts'
import type { DatabaseTarget } from './target.ts'
import type { UrlValidation } from './validation.ts'

/** The longest text that is read, in UTF-16 units. */
const lengthLimit = 65_536

/** How a text is read. `subject` begins every message, such as `DATABASE_URL`. */
export interface ReadUrlOptions {
  readonly strict?: boolean
  readonly subject: string
}

/** Reads a database URL. It never throws. */
export function readUrl(input: unknown, options: ReadUrlOptions): UrlValidation {
  const found = new Findings(options.subject, options.strict === true)
  const target = readInput(input, found)
  const { problems } = found
  const warnings = deepFreeze(found.warnings)
  if (target && problems.length === 0) {
    return Object.freeze({ valid: true, target, warnings, redacted: formatUrl(target) })
  }
  const all = deepFreeze(problems) as unknown as readonly [Problem, ...Problem[]]
  return Object.freeze({ valid: false, problems: all, warnings, redacted: redactScheme(input) })
}

function readInput(input: unknown, found: Findings): DatabaseTarget | undefined {
  if (typeof input !== 'string') {
    if (input === undefined) found.refuse('missing', { advice: '' })
    else found.refuse('not-a-string', { type: describeType(input) })
    return undefined
  }
  if (input.length > lengthLimit) {
    found.refuse('too-long', { length: input.length, limit: lengthLimit })
    return undefined
  }
  const text = cleanInput(input, found)
  return text && readText(text, found)
}

/** The text without what was wrapped around it, where nothing in it makes reading it pointless. */
function cleanInput(input: string, found: Findings): Piece | undefined {
  const text = cleanText(input, found)
  if (text.text === '') {
    if (found.problems.every(({ code }) => code !== 'pasted-command')) refuseEmpty(found)
    return undefined
  }
  if (parseJsonSecret(text.text)) return text
  const isSingle = checkSingle(text, found)
  return checkCharacters(text, found) && isSingle ? text : undefined
}

/** Nothing but blanks is empty, and nothing else. */
function refuseEmpty(found: Findings): void {
  found.problems.length = 0
  found.warnings.length = 0
  found.refuse('empty', {})
}

const invisible =
  /[\u0000-\u001F\u007F-\u00A0\u00AD\u200B\u200E\u200F\u2028-\u202E\u2060-\u2064\uFEFF\uFFFE\uFFFF]|\p{Surrogate}/u
const invisibleButBlanks = new RegExp(
  invisible.source.replace(String.raw`\u0000-\u001F`, String.raw`\u0000-\u0008\u000E-\u001F`),
  'u',
)

function checkCharacters(piece: Piece, found: Findings): boolean {
  const pattern = isKeywordString(piece.text) ? invisibleButBlanks : invisible
  const index = piece.text.search(pattern)
  if (index < 0) return true
  const start = piece.start + index
  const code = piece.text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')
  const character = code === '000A' || code === '000D' ? 'a line break' : `the invisible character U+${code}`
  found.refuse('control-character', { character, position: start + 1 }, { start, end: start + 1 })
  return false
}

const urlInside = /(?:^|[\s,;|"'])([a-z][a-z0-9-]{1,20})(?:\+[a-z0-9]{1,20})?:\/\//gi

/** Finds a second URL behind the first, or right after its scheme. */
function checkSingle(piece: Piece, found: Findings): boolean {
  const first = piece.text.indexOf('://') + 3
  const others = [...piece.text.slice(first).matchAll(urlInside)]
  const other = first > 2 && others.find(({ 1: name }) => kinds.has(String(name).toLowerCase()))
  if (!other) return true
  const start = piece.start + first + other.index
  found.refuse('several-urls', {}, { start, end: start + other[0].length })
  return false
}

function readText(text: Piece, found: Findings): DatabaseTarget | undefined {
  const secret = parseJsonSecret(text.text)
  if (secret) {
    const read = readJsonSecret(secret, text, found)
    return read && readServerTarget(read.address, read.kind, found)
  }
  if (isKeywordString(text.text)) {
    const address = readKeywordString(text, found)
    return address && readServerTarget(address, kinds.get('postgres') as ServerKind, found)
  }
  const scheme = readScheme(text, found)
  if (!scheme) return undefined
  if (scheme.kind.dialect === 'sqlite') return readSqliteUrl(scheme.body, scheme.kind, found)
  return readServer(scheme, scheme.kind, found)
}

function readServer(
  { body, jdbc }: SchemeReading,
  plain: ServerKind,
  found: Findings,
): DatabaseTarget | undefined {
  const kind = jdbc ? jdbcKind(plain) : plain
  if (!body.text.startsWith('//') && !jdbc) {
    found.refuse('missing-slashes', { scheme: kind.scheme }, span({ ...body, text: '' }))
    return undefined
  }
  // "jdbc:postgresql:todo" is a database on the local server.
  const short = !body.text.startsWith('//')
  const rest = short
    ? { text: `/${body.text.replace(/^\//, '')}`, start: body.start - 1 }
    : { text: body.text.slice(2), start: body.start + 2 }
  const address = readServerUrl(rest, kind, found)
  return address && readServerTarget(address, kind, found)
}

/** No more than a scheme that is known. */
function redactScheme(input: unknown): string {
  if (typeof input !== 'string') return '***'
  const name = /^\s{0,20}["']?([A-Za-z][A-Za-z0-9-]{0,30})(?:\+\w{1,30})?:/.exec(input.slice(0, 90))?.[1]
  return name && kinds.has(name.toLowerCase()) ? `${name.toLowerCase()}:***` : '***'
}
