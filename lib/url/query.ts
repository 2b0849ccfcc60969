import { span, type Piece, type Setting } from './field.ts'
import type { Findings } from './findings.ts'
import { decodePiece, reportRaw } from './percent.ts'
import type { Grammar } from './schemes.ts'

/** Reads `name=value&name=value`. */
export function readQuery(query: Piece, grammar: Pick<Grammar, 'libpq'>, found: Findings): Setting[] {
  const settings: Setting[] = []
  if (query.text === '') return settings
  const items = query.text.split('&')
  // libpq lets one "&" end the query.
  if (items.length > 1 && items.at(-1) === '') items.pop()
  let start = query.start
  for (const text of items) {
    const setting = readSetting({ text, start }, grammar.libpq, found)
    if (setting) settings.push(setting)
    start += text.length + 1
  }
  return settings
}

function readSetting(item: Piece, libpq: boolean, found: Findings): Setting | undefined {
  const equals = item.text.indexOf('=')
  if (item.text === '' && !libpq) return undefined
  if (equals === 0 || (equals < 0 && libpq)) {
    const expected = 'name=value, with "&" between two parameters'
    found.refuse('invalid-parameter', { parameter: '…', expected }, span(item))
    return undefined
  }
  const end = equals < 0 ? item.text.length : equals
  const name = decodePiece(
    { text: item.text.slice(0, end), start: item.start },
    { part: 'parameter name', trim: libpq },
    found,
  )
  const raw = { text: item.text.slice(end + 1), start: item.start + end + 1 }
  const value = decodePiece(raw, { part: 'parameter', trim: libpq }, found)
  const extra = libpq ? value.text.indexOf('=') : -1
  if (extra >= 0) reportRaw(value.start + extra, '=', 'parameter', found)
  return { ...value, name: name.value }
}
