import { span, type Piece, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { decodePiece, reportRaw, type Decoding } from './percent.ts'

const nameCoding: Decoding = { part: 'parameter name' }
const valueCoding: Decoding = { part: 'parameter' }

/** Reads `name=value&name=value`; `libpq`: with exactly one "=" in each pair, and without the spaces around its parts. */
export function readQuery(query: Piece, libpq: boolean, found: Findings): Setting[] {
  const settings: Setting[] = []
  const { text } = query
  // libpq lets one "&" end the query.
  const end = libpq && text.length > 1 && text.endsWith('&') ? text.length - 1 : text.length
  for (let from = 0; from < end;) {
    const next = text.indexOf('&', from)
    const to = next < 0 ? end : next
    if (to > from || libpq) {
      const setting = readSetting(text.slice(from, to), query.start + from, libpq, found)
      if (setting) settings.push(setting)
    }
    from = to + 1
  }
  return settings
}

function readSetting(item: string, start: number, libpq: boolean, found: Findings): Setting | undefined {
  const equals = item.indexOf('=')
  if (equals === 0 || (equals < 0 && libpq)) {
    const expected = 'name=value, with "&" between two parameters'
    found.refuse('invalid-parameter', { parameter: '…', expected }, span({ text: item, start }))
    return undefined
  }
  const end = equals < 0 ? item.length : equals
  const name = decodePiece(item.slice(0, end), start, nameCoding, libpq, found).value
  const field = decodePiece(item.slice(end + 1), start + end + 1, valueCoding, libpq, found)
  const extra = libpq ? field.text.indexOf('=') : -1
  if (extra >= 0) reportRaw(field.start + extra, '=', 'parameter', found)
  return { name, value: field.value, text: field.text, start: field.start }
}
