import { inside, type Field, type Piece } from './field.ts'
import type { Findings } from './findings.ts'
import { beginsWithUrl } from './leading-url.ts'

const closing: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '`': '`',
  '“': '”',
  '”': '”',
  '„': '“”',
  '‘': '’',
  '’': '’',
  '‚': '‘’',
  '«': '»',
  '<': '>',
}

/** Takes a pair of quotes off a text. */
export function trimPair(piece: Piece, found: Findings): Piece | undefined {
  const { text } = piece
  const first = text.charAt(0)
  const ends = first !== '<' && Object.hasOwn(closing, first) ? closing[first] : undefined
  if (text.length < 2 || !ends?.includes(text.charAt(text.length - 1))) return undefined
  found.repair('wrapped-in-quotes', { quote: first })
  return inside(piece, 1, text.length - 1)
}

/** The same for a part of an address, where the quotes are not encoded. */
export function unquote<Part extends Field>(part: Part, found: Findings): Part {
  const piece = trimPair(part, found)
  return piece ? { ...part, ...piece, value: part.value.slice(1, -1) } : part
}

/** Takes the quotes, or half of a pair, off a URL. */
export function trimQuotes(piece: Piece, found: Findings): Piece | undefined {
  const { text } = piece
  const first = text.charAt(0)
  const end = text.replace(/[,;]{1,3}$/, '').length
  const last = text.charAt(end - 1)
  const ends = Object.hasOwn(closing, first) ? closing[first] : undefined
  const opened = ends !== undefined && (first !== '<' || /^<[a-z0-9+]{2,20}:/i.test(text))
  const closed = opened ? end > 1 && ends.includes(last) : isStray(text.slice(0, end - 1), last)
  if (!opened && !closed) return undefined
  const from = opened ? 1 : 0
  const to = closed ? end - 1 : text.length
  const start = opened ? piece.start : piece.start + to
  found.repair('wrapped-in-quotes', { quote: opened ? first : last }, { start, end: start + 1 })
  return inside(piece, from, to)
}

/** Whether a quote behind a URL belongs to none that begins a value, or a name, within it. */
function isStray(url: string, quote: string): boolean {
  const [, partner = ''] =
    /=(["'`“‘])/.exec(url.slice(url.lastIndexOf('&') + 1)) ??
    /[/:](["'`“‘])/.exec(url.slice(url.lastIndexOf('@') + 1)) ??
    []
  return /["'`”’]/.test(quote) && beginsWithUrl(url) && closing[partner]?.includes(quote) !== true
}
