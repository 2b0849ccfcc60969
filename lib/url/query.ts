import { span, type Piece, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { decodePiece, reportRaw, type Decoding } from './percent.ts'

const nameCoding: Decoding = { part: 'parameter name' }
const valueCoding: Decoding = { part: 'parameter' }

/** Reads `name=value&name=value`; `libpq`: with exactly one "=" in each pair, and without the spaces around its parts. */
export function readQuery(query: Piece, libpq: boolean, found: Findings): Setting[] {
  if (query.text === '') return []
  // As in libpq, one "&" may end the query.
  const pairs = query.text.replace(/&$/, '').split('&')
  let start = query.start
  return pairs.flatMap((pair) => {
    const piece = { text: pair, start }
    start += pair.length + 1
    return pair === '' && !libpq ? [] : readSetting(piece, libpq, found)
  })
}

function readSetting(pair: Piece, libpq: boolean, found: Findings): Setting[] {
  const { text, start } = pair
  const sign = text.indexOf('=')
  if (sign === 0 || text === '' || (sign < 0 && libpq)) {
    const expected = 'name=value, with "&" between two parameters'
    found.refuse('invalid-parameter', { parameter: '…', expected }, span(pair))
    return []
  }
  const equals = sign < 0 ? text.length : sign
  const name = decodePiece(text.slice(0, equals), start, nameCoding, libpq, found).value
  const field = decodePiece(text.slice(equals + 1), start + equals + 1, valueCoding, libpq, found)
  const extra = libpq ? field.text.indexOf('=') : -1
  if (extra >= 0) reportRaw(field.start + extra, '=', 'parameter', found)
  return [{ ...field, name }]
}
