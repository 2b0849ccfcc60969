import type { Piece, Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { decodePiece, reportRaw, type Decoding } from './percent.ts'

const nameCoding: Decoding = { part: 'parameter name' }
const valueCoding: Decoding = { part: 'parameter' }

/** Reads `name=value&name=value`; `libpq`: with exactly one "=" in each pair, and without the spaces around its parts. */
export function readQuery(query: Piece, libpq: boolean, found: Findings): Setting[] {
  const settings: Setting[] = []
  const { text } = query
  // As in libpq, one "&" may end the query.
  for (let from = 0; from < text.length;) {
    const next = text.indexOf('&', from)
    const to = next < 0 ? text.length : next
    if (to > from || libpq) {
      readSetting(query, from, to, libpq, settings, found)
    }
    from = to + 1
  }
  return settings
}

function readSetting(
  { text, start }: Piece,
  from: number,
  to: number,
  libpq: boolean,
  settings: Setting[],
  found: Findings,
): void {
  const sign = text.indexOf('=', from)
  const equals = sign < 0 || sign > to ? to : sign
  if (equals === from || (equals === to && libpq)) {
    const expected = 'name=value, with "&" between two parameters'
    found.refuse('invalid-parameter', { parameter: '…', expected }, { start: start + from, end: start + to })
    return
  }
  const name = decodePiece(text.slice(from, equals), start + from, nameCoding, libpq, found).value
  const after = equals + 1
  const field = decodePiece(text.slice(after, to), start + after, valueCoding, libpq, found)
  const extra = libpq ? field.text.indexOf('=') : -1
  if (extra >= 0) reportRaw(field.start + extra, '=', 'parameter', found)
  settings.push({ name, value: field.value, text: field.text, start: field.start })
}
