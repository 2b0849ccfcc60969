import type { Kind } from './dialects/kind.ts'
import { isSecretParameter } from './dialects/parameter.ts'
import { span, type Piece, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { decodePiece, reportRaw, type Decoding } from './percent.ts'
import { splitQuery } from './separators.ts'

const nameCoding: Decoding = { part: 'parameter name' }
const valueCoding: Decoding = { part: 'parameter' }

/** Reads `name=value&name=value`; as libpq does: with exactly one "=" in each pair, and without the spaces around its parts. */
export function readQuery(query: Piece, kind: Kind, found: Findings): Setting[] {
  return splitQuery(query, kind, found).flatMap((piece) => readPairs(piece, isLibpq(kind), found))
}

function isLibpq(kind: Kind): boolean {
  return 'grammar' in kind && kind.grammar.libpq
}

function readPairs(query: Piece, libpq: boolean, found: Findings): Setting[] {
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
  // Without a value a password has none, and what seems to be its name may hold it.
  const isBare = sign < 0 && (libpq || isSecretParameter(text))
  if (sign === 0 || text === '' || isBare) {
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
