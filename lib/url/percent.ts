import type { Field } from './field.ts'
import type { Findings } from './findings.ts'

/** How a part is decoded. */
export interface Decoding {
  /** What the part is called in a message. */
  readonly part: string
  /** Whether a `%` that can only be meant literally is taken so, with a warning. */
  readonly repair?: boolean
}

/** Decodes the percent-encoding of a piece, with `trim` without the spaces around it. What cannot be decoded is reported and kept as it is. */
export function decodePiece(
  text: string,
  start: number,
  how: Decoding,
  trim: boolean,
  found: Findings,
): Field {
  if (trim && text.includes(' ')) return decodeSpaced(text, start, how, found)
  const value = text.includes('%') ? decodePercent(text, start, how, found) : text
  return { value, text, start }
}

/** libpq drops the spaces around a part and refuses those inside. */
function decodeSpaced(text: string, start: number, how: Decoding, found: Findings): Field {
  const trimmed = text.replace(/^ +/, '').replace(/(?<! ) +$/, '')
  const from = start + text.indexOf(trimmed)
  const inner = trimmed.indexOf(' ')
  if (inner >= 0) reportRaw(from + inner, ' ', how.part, found)
  return decodePiece(trimmed, from, how, false, found)
}

/** Reports a character that should have been encoded, where its meaning can be told. */
export function reportRaw(start: number, character: string, part: string, found: Findings): void {
  found.repair('unescaped-character', rawCharacter(start, character, part), { start, end: start + 1 })
}

/** The values of `unescaped-character`. */
export function rawCharacter(
  start: number,
  character: string,
  part: string,
): { character: string; part: string; position: number; encoded: string } {
  const encoded = `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
  return { character, part, position: start + 1, encoded }
}

function decodePercent(text: string, start: number, how: Decoding, found: Findings): string {
  const value = tryDecode(text)
  if (value === undefined) return decodeBroken(text, start, how, found)
  const nul = text.indexOf('%00')
  if (nul >= 0) {
    const at = { start: start + nul, end: start + nul + 3 }
    found.refuse('control-character', { character: 'a NUL character (%00)', position: at.start + 1 }, at)
  }
  return value
}

function tryDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function decodeBroken(text: string, start: number, how: Decoding, found: Findings): string {
  // The name of a variable is reported as one, but not in a parameter.
  if (/^%(?:[A-Za-z_]\w*%|\([A-Za-z_]\w*\)s)$/.test(text) && !how.part.startsWith('parameter')) return text
  const bad = text.search(/%(?![\dA-Fa-f]{2})/)
  const from = start + (bad >= 0 ? bad : text.search(/%[89A-Fa-f]/))
  const values = { part: how.part, position: from + 1 }
  // With a valid escape beside it, nobody can tell which of the two was meant literally.
  const literal = how.repair && !/%[\dA-Fa-f]{2}/.test(text)
  found[literal ? 'repair' : 'refuse']('bad-percent-encoding', values, { start: from, end: from + 1 })
  return text
}

const reserved = /[^\w.~-]/

/** Encodes everything but letters, digits and `-._~`. A broken surrogate becomes U+FFFD. */
export function encodePercent(text: string): string {
  if (!reserved.test(text)) return text
  const encoded = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'))
  return encoded.replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
