import { inside, type Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { parseJsonSecret, unwrapJsonUrl } from './json-secret.ts'
import { isKeywordString } from './keyword-string.ts'
import { cutNextAssignment, trimLeftOver } from './left-over.ts'
import { unwrapAssignment, unwrapCommand } from './pasted.ts'
import { trimPair, trimQuotes } from './quotes.ts'
import { refuseLostWish } from './said-beside.ts'

const around = String.raw`\s\u0000-\u001F\u007F-\u00A0\u00AD\u200B-\u200F\u2028-\u202F\u2060-\u2064\uFEFF`
const leading = new RegExp(`^[${around}]+`)
const trailing = new RegExp(`[${around}]`)

/** Takes off what people wrap a URL in by mistake: blanks, quotes, an assignment, a command. */
export function cleanText(input: string, found: Findings): Piece {
  let piece: Piece = { text: input, start: 0 }
  for (let round = 0; round < 6; round++) {
    const next = unwrap(piece, found)
    if (next === piece) break
    piece = next
  }
  refuseLostWish(input, piece, found)
  return piece
}

const steps = [
  trimBlanks,
  trimComment,
  trimEscapedQuotes,
  trimQuotes,
  unwrapAssignment,
  unwrapCommand,
  cutNextAssignment,
  trimLeftOver,
]

function unwrap(piece: Piece, found: Findings): Piece {
  const secret = parseJsonSecret(piece.text)
  if (secret) return unwrapJsonUrl(secret, piece, found) ?? piece
  for (const step of steps) {
    const next = step(piece, found)
    if (next) return next
  }
  return piece
}

/** Takes blanks and pairs of quotes off a value that is no URL, such as a password, and notes what looks like a comment. */
export function cleanValue(input: string, found: Findings): string {
  let piece: Piece = { text: input, start: 0 }
  for (let round = 0; round < 4; round++) {
    const next = trimAround(piece, found, false) ?? trimPair(piece, found)
    if (!next) break
    piece = next
  }
  if (/\s#/.test(piece.text))
    found.note('inline-comment', { advice: 'It was left as it is: it may be meant.' })
  return piece.text
}

function trimBlanks(piece: Piece, found: Findings): Piece | undefined {
  return trimAround(piece, found, true)
}

function trimAround(piece: Piece, found: Findings, isUrl: boolean): Piece | undefined {
  const from = leading.exec(piece.text)?.[0].length ?? 0
  let to = piece.text.length
  while (to > from && trailing.test(piece.text.charAt(to - 1))) to--
  if (from === 0 && to === piece.text.length) return undefined
  const removed = piece.text.slice(0, from) + piece.text.slice(to)
  const rest = inside(piece, from, to)
  if (!(isUrl && isSpacedQuery(rest.text, removed, from))) {
    const at =
      from > 0
        ? { start: piece.start, end: rest.start }
        : { start: piece.start + to, end: piece.start + piece.text.length }
    found.repair('surrounding-whitespace', { what: describeBlanks(removed) }, at)
  }
  return rest
}

/** libpq drops spaces around the names and values of parameters, and so one at the end of a spaced-out query. */
function isSpacedQuery(text: string, removed: string, from: number): boolean {
  return from === 0 && /^ +$/.test(removed) && (isKeywordString(text) || / [=&]|[=&?] /.test(text))
}

function describeBlanks(removed: string): string {
  if (/[\r\n]/.test(removed)) return 'a line break'
  if (/^[ \t]+$/.test(removed)) return removed.includes('\t') ? 'tabs or spaces' : 'spaces'
  return 'an invisible character (such as a byte order mark or a zero-width space)'
}

/** What env files of containers keep of a line. Before an "@" it may be a part of the password, and in quotes of a value. */
function trimComment(piece: Piece, found: Findings): Piece | undefined {
  const { text } = piece
  const inQuotes = /^["'`]/.test(text) ? text.lastIndexOf(text.charAt(0)) : -1
  const from = Math.max(0, text.lastIndexOf('@'), inQuotes)
  const comment = /(?<!\s)\s+#/.exec(text.slice(from))
  if (!comment || isKeywordString(text)) return undefined
  const start = from + comment.index
  found.repair(
    'inline-comment',
    { advice: '' },
    { start: piece.start + start, end: piece.start + text.length },
  )
  return inside(piece, 0, start)
}

/** What is left of a text in quotes within another one. */
function trimEscapedQuotes(piece: Piece, found: Findings): Piece | undefined {
  const [all, quote] = /^\\(["'])[^]*\\\1$/.exec(piece.text) ?? []
  if (!all || !quote || all.length < 4) return undefined
  found.repair('wrapped-in-quotes', { quote: `\\${quote}` }, { start: piece.start, end: piece.start + 2 })
  return inside(piece, 2, all.length - 2)
}
