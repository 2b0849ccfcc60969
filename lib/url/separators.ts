import type { Kind } from './dialects/kind.ts'
import { isSecretParameter } from './dialects/parameter.ts'
import type { Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { isAboutTls } from './near-tls.ts'

/** Something between two parameters, and the name behind it. Bounded, so that a flood of separators costs no more than its length. */
const between =
  /((?:&(?:amp;){1,3}|&#0{0,4}38;|&#x0{0,4}26;|\\u0026|%(?:26|3b|3f|23)|[^\p{L}\p{M}\p{N}_%.=[\]-]){1,8})([a-z_][\w.[\]-]{0,63})((?:\s|%20){0,8}[=:])?/giu
/** What people write for "?" and "&": each other, those of web pages and JSON, and other punctuation. */
const usual = /^(?:&(?:amp;)*|&#0*38;|&#x0*26;|\\u0026|%(?:26|3b|3f)|[?;,])+$/i
/** Of these, what no value ends with that was written with care. */
const punctuation = /^(?:&(?:amp;)*|&#0*38;|&#x0*26;|\\u0026|[?;,\\])+$/i
const escaped = /&amp;|&#|\\u0026/i

/** The parameters that are a part of the address. */
const parts: ReadonlySet<string> = new Set(['host', 'port', 'user', 'password', 'dbname'])

interface Cut {
  readonly start: number
  readonly end: number
}

/** Cuts a query where a parameter begins, also where another separator than "&" stands before one that is known. */
export function splitQuery(query: Piece, kind: Kind, found: Findings): Piece[] {
  const pieces: Piece[] = []
  let from = 0
  for (const cut of wrongSeparators(query, kind, '&', found)) {
    if (cut.start > from) pieces.push(inside(query, from, cut.start))
    from = cut.end
  }
  return from < query.text.length ? [...pieces, inside(query, from)] : pieces
}

/** Cuts parameters off what should end before "?", and does not. */
export function cutParameters(text: Piece, kind: Kind, found: Findings): { rest: Piece; query?: Piece } {
  for (const cut of wrongSeparators(text, kind, '?', found)) {
    return { rest: inside(text, 0, cut.start), query: inside(text, cut.end) }
  }
  return { rest: text }
}

/** Takes off a "&", the backslash of a shell, or the letters of a line break, that stand before the "?" of the query. */
export function cutDangling(path: Piece, found: Findings): Piece {
  const end = /(?:&amp;|\\[rnt]|[&;,\\]){1,8}$/.exec(path.text)
  if (!end) return path
  const at = { start: path.start + end.index, end: path.start + path.text.length }
  found.repair('query-separator', { separator: `${end[0]}?`, parameter: '…', expected: '?' }, at)
  return inside(path, 0, end.index)
}

function inside({ text, start }: Piece, from: number, to = text.length): Piece {
  return { text: text.slice(from, to), start: start + from }
}

function* wrongSeparators(
  { text, start }: Piece,
  kind: Kind,
  expected: string,
  found: Findings,
): Generator<Cut> {
  for (const match of text.matchAll(between)) {
    const [, separator = '', name = '', equals = ''] = match
    if (expected === '&' && isRight(separator, text.slice(0, match.index), kind)) continue
    if (!begins(separator, name, equals, kind)) continue
    const cut = { start: match.index, end: match.index + separator.length }
    const at = { start: start + cut.start, end: start + cut.end }
    // Other punctuation may be the end of a password.
    const shown = usual.test(separator) ? separator : '…'
    const parameter = isNamed(name, kind) ? name : '…'
    found.repair('query-separator', { separator: shown, parameter, expected }, at)
    yield cut
  }
}

/** Whether "&" stands there, behind what may be the end of a value. */
function isRight(separator: string, before: string, kind: Kind): boolean {
  const written = 'grammar' in kind && kind.grammar.libpq ? separator.trim() : separator
  if (!written.endsWith('&')) return false
  const [name = ''] = before.slice(before.lastIndexOf('&') + 1).split('=', 1)
  return !punctuation.test(written.slice(0, -1)) || isSecretParameter(name)
}

/** Whether a parameter begins here. What asks for encryption does, whatever stands before it. */
function begins(separator: string, name: string, equals: string, kind: Kind): boolean {
  const isServer = kind.dialect !== 'sqlite'
  if (equals === '') return isServer && /^(?:ssl|tls)$/i.test(name) && usual.test(separator)
  if (isServer && isAboutTls(name)) return true
  if (equals.endsWith(':')) return false
  return usual.test(separator) && (isNamed(name, kind) || escaped.test(separator))
}

function isNamed(name: string, kind: Kind): boolean {
  if (kind.parameters.has(name.toLowerCase())) return true
  if (kind.dialect === 'sqlite') return false
  return isAboutTls(name) || (kind.grammar.queryOverrides && parts.has(name))
}
