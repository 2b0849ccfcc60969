import { isUtf8 } from 'node:buffer'
import type { Converted } from './converted.ts'
import { readTime } from './read-time.ts'
import { tag, type SourceValue } from './source-value.ts'
import type { Column, ColumnKind } from './table.ts'

type Value = Exclude<SourceValue, null>

/** Makes of a value of SQLite what a column of the primary takes without changing it. */
export function convert(value: Value, column: Column): Converted {
  const made = converters[column.kind](value, column)
  return column.refusesNul && 'text' in made && made.text.includes('\0') ? no('holds a NUL character') : made
}

const yes = (text: string): Converted => ({ text })
const no = (why: string): Converted => ({ why })

const converters: Readonly<Record<ColumnKind, (value: Value, column: Column) => Converted>> = {
  boolean: toBoolean,
  integer: toInteger,
  float: toFloat,
  decimal: toDecimal,
  text: toText,
  bytes: toBytes,
  json: toJson,
  instant: (value, column) => readTime(value, column),
  date: (value, column) => readTime(value, column),
  uuid: (value) =>
    /^[\da-f]{8}(-?[\da-f]{4}){3}-?[\da-f]{12}$/i.test(String(value)) ? yes(String(value)) : no('is no UUID'),
  enum: (value, { labels }) =>
    typeof value === 'string' && labels?.includes(value) ? yes(value) : no('is no word of the enumeration'),
  other: (value) => (typeof value === 'object' ? no('is made of bytes') : yes(String(value))),
  any: (value) => yes(tag(value)!),
}

const words: Readonly<Record<string, boolean>> = {
  '0': false,
  '1': true,
  f: false,
  t: true,
  false: false,
  true: true,
}

function toBoolean(value: Value): Converted {
  const word = words[String(value).toLowerCase()]
  return word === undefined ? no('is neither true nor false') : yes(String(word))
}

function toInteger(value: Value, { range }: Column): Converted {
  const number = integerOf(value)
  if (number === undefined) return no('is no whole number')
  return range && (number < range[0] || number > range[1])
    ? no(`is not between ${range[0]} and ${range[1]}`)
    : yes(String(number))
}

function integerOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined
  return typeof value === 'string' && /^[+-]?\d{1,40}$/.test(value)
    ? BigInt(value.replace('+', ''))
    : undefined
}

function toFloat(value: Value, { isSingle }: Column): Converted {
  const number = Number(value)
  if (
    typeof value === 'object' ||
    (typeof value === 'string' && !/^\s*[+-]?[\d.]/.test(value)) ||
    Number.isNaN(number)
  )
    return no('is no number')
  if (typeof value === 'bigint' && BigInt(number) !== value)
    return no('has more digits than the column keeps')
  if (isSingle && Number.isFinite(number) && !Number.isFinite(Math.fround(number))) return no('is too large')
  // A fraction is rounded, as by whoever writes one there.
  if (isSingle && Number.isSafeInteger(number) && Math.fround(number) !== number)
    return no('has more digits than the column keeps')
  return yes(Object.is(number, -0) ? '-0' : String(number))
}

function toDecimal(value: Value, { digits }: Column): Converted {
  const text = typeof value === 'number' ? plainDigits(value) : String(value)
  const match = /^([+-]?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text)
  if (typeof value === 'object' || !match || text === '' || /^[+-]?\.?$/.test(text))
    return no('is no decimal number')
  const [, sign, whole = '', fraction = ''] = match
  const why = digits && tooLong(whole, fraction, digits)
  if (why !== undefined) return no(why)
  const made = `${whole || '0'}${fraction ? `.${fraction}` : ''}`
  return yes(sign === '-' && made !== '0' ? `-${made}` : made)
}

function tooLong(
  whole: string,
  fraction: string,
  [all, places]: readonly [number, number],
): string | undefined {
  const before = Math.max(0, all - places)
  if (whole.length > before) return `has more than ${before} digits before the point`
  const after = Math.max(0, places)
  if (fraction.length > after) return `has more than ${after} digits after the point`
  if (places < 0 && !whole.endsWith('0'.repeat(Math.min(-places, whole.length))))
    return `has other digits than 0 at its last ${-places} places`
  if (places > all && !fraction.startsWith('0'.repeat(Math.min(places - all, fraction.length))))
    return `has other digits than 0 at the first ${places - all} places after the point`
  return undefined
}

/** Without an exponent: 1e-7 is 0.0000001. */
function plainDigits(value: number): string {
  const text = String(value)
  const match = text.includes('e') && /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!match) return text
  const [, sign, whole = '', fraction = '', exponent] = match
  const point = whole.length + Number(exponent)
  const all = whole + fraction
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`
  return `${sign}${all.slice(0, point).padEnd(point, '0')}.${all.slice(point)}`
}

function toText(value: Value, { maxLength, maxBytes }: Column): Converted {
  if (typeof value === 'object') return no('is made of bytes')
  const text = String(value)
  if (maxLength !== undefined && text.length > maxLength && Array.from(text).length > maxLength)
    return no(`has more than ${maxLength} characters`)
  return maxBytes !== undefined && text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes
    ? no(`has more than ${maxBytes} bytes`)
    : yes(text)
}

function toBytes(value: Value, { maxBytes }: Column): Converted {
  if (typeof value === 'number' || typeof value === 'bigint') return no('is a number')
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return maxBytes !== undefined && bytes.length > maxBytes
    ? no(`has more than ${maxBytes} bytes`)
    : yes(bytes.toString('hex'))
}

function toJson(value: Value, { type }: Column): Converted {
  if (typeof value === 'object' && !isUtf8(value)) return no('is no text')
  const text = String(value)
  try {
    const parsed: unknown = JSON.parse(text)
    const hasNul =
      type === 'jsonb' &&
      text.includes(String.raw`\u0000`) &&
      JSON.stringify(parsed)
        .replaceAll(String.raw`\\`, '')
        .includes(String.raw`\u0000`)
    return hasNul ? no('holds a NUL character') : yes(text)
  } catch {
    return no('is no JSON')
  }
}
