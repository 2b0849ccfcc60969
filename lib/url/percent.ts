import type { Field, Piece } from './field.ts'
import type { Findings } from './findings.ts'

/** How a part is decoded. */
export interface Decoding {
  /** What the part is called in a message. */
  readonly part: string
  /** Whether spaces around it are dropped, as libpq does, and others are a mistake. */
  readonly trim: boolean
  /** Whether a `%` that can only be meant literally is taken so, with a warning. */
  readonly repair?: boolean
}

/** Decodes the percent-encoding of a piece. What cannot be decoded is reported and kept as it is. */
export function decodePiece(piece: Piece, how: Decoding, found: Findings): Field {
  const trimmed = how.trim ? trimSpaces(piece, how, found) : piece
  const value = trimmed.text.includes('%') ? decodePercent(trimmed, how, found) : trimmed.text
  return { value, text: trimmed.text, start: trimmed.start }
}

function trimSpaces(piece: Piece, how: Decoding, found: Findings): Piece {
  if (!piece.text.includes(' ')) return piece
  const text = piece.text.replace(/^ +/, '')
  const trimmed = {
    text: text.replace(/(?<! ) +$/, ''),
    start: piece.start + piece.text.length - text.length,
  }
  const inner = trimmed.text.indexOf(' ')
  if (inner >= 0) reportRaw(trimmed.start + inner, ' ', how.part, found)
  return trimmed
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

function decodePercent(piece: Piece, how: Decoding, found: Findings): string {
  const value = tryDecode(piece.text)
  if (value === undefined) return decodeBroken(piece, how, found)
  const nul = piece.text.indexOf('%00')
  if (value.includes('\0') && nul >= 0) {
    const at = { start: piece.start + nul, end: piece.start + nul + 3 }
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

function decodeBroken(piece: Piece, how: Decoding, found: Findings): string {
  const bad = piece.text.search(/%(?![\dA-Fa-f]{2})/)
  const start = piece.start + (bad >= 0 ? bad : piece.text.search(/%[89A-Fa-f]/))
  const values = { part: how.part, position: start + 1 }
  // With a valid escape beside it, nobody can tell which of the two was meant literally.
  const literal = how.repair && !/%[\dA-Fa-f]{2}/.test(piece.text)
  found[literal ? 'repair' : 'refuse']('bad-percent-encoding', values, { start, end: start + 1 })
  return piece.text
}

/** Encodes everything but letters, digits and `-._~`. A broken surrogate becomes U+FFFD. */
export function encodePercent(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
