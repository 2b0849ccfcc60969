import type { Converted } from './converted.ts'
import type { SourceValue } from './source-value.ts'
import type { Column, Zone } from './table.ts'

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?$/i
const dayMs = 86_400_000

/**
 * Reads a time or a date as SQLite holds them: milliseconds since 1970, as knex writes a `Date`, or text. A text without an
 * offset is taken as UTC, as CURRENT_TIMESTAMP writes it, but for a column that knows no zone.
 */
export function readTime(value: Exclude<SourceValue, null>, column: Column): Converted {
  if (typeof value === 'number') return fromMs(value, column)
  const match = typeof value === 'string' ? pattern.exec(value) : null
  const same = match && unchanged(match, column)
  if (same !== undefined && same !== null) return { text: same }
  if (!match) return { why: 'is no time' }
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset] = match
  const digits = fraction.padEnd(6, '0').slice(0, 6)
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`)
  if (Number.isNaN(ms) || new Date(ms).getUTCDate() !== Number(day)) return { why: 'is no time' }
  if (column.kind === 'date') return dateOf(ms, digits)
  if (offset === undefined && column.zone === 'none') return checked(ms, digits, column, 'utc')
  return checked(ms - offsetMs(offset), digits, column)
}

/** Most times are written as they are: nothing is to be computed. */
function unchanged(
  [, year, month, day, hour, minute, second, fraction = '', offset]: RegExpExecArray,
  { kind, zone, isShort, fraction: kept = 6, offset: end = '' }: Column,
): string | undefined {
  const isPlain =
    kind === 'instant' &&
    isShort !== true &&
    (zone === 'utc' ? offset === undefined || /^z$/i.test(offset) : zone === 'none' && offset === undefined)
  if (!isPlain || second === undefined || Number(year) === 0) return undefined
  if (Number(month) > 12 || Number(day) > 28 || Number(hour) > 23) return undefined
  if (Number(month) === 0 || Number(day) === 0 || Number(minute) > 59 || Number(second) > 59) return undefined
  return `${year}-${month}-${day} ${hour}:${minute}:${second}${fractionOf(fraction.slice(0, kept))}${end}`
}

function fromMs(value: number, column: Column): Converted {
  const ms = Math.floor(value)
  if (Number.isNaN(new Date(ms).getTime())) return { why: 'is no time' }
  const digits = String(Math.round((value - Math.floor(value / 1000) * 1000) * 1000)).padStart(6, '0')
  const whole = Math.floor(value / 1000) * 1000
  if (column.kind !== 'date') return checked(whole, digits, column)
  const shown = shownMs(new Date(whole), column.zone === 'utc' ? 'local' : column.zone)
  return dateOf(whole % dayMs !== 0 && shown % dayMs === 0 ? shown : whole, digits)
}

function dateOf(ms: number, digits: string): Converted {
  if (ms % dayMs !== 0 || Number(digits) !== 0) return { why: 'has a time of day' }
  return inYears(new Date(ms))
    ? { text: new Date(ms).toISOString().slice(0, 10) }
    : { why: 'is not between the years 1 and 9999' }
}

function offsetMs(offset: string | undefined): number {
  if (offset === undefined || /^z$/i.test(offset)) return 0
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset)!
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

/** A TIMESTAMP of MySQL counts seconds from 1970 in 32 bits. */
const lastSecondMs = 2_147_483_647_000

function checked(
  ms: number,
  digits: string,
  { zone: own, isShort, fraction = 6, offset = '' }: Column,
  zone: Zone | undefined = own,
): Converted {
  const time = new Date(ms)
  if (!inYears(time)) return { why: 'is not between the years 1 and 9999' }
  if (isShort && (ms < 1000 || ms > lastSecondMs)) return { why: 'is not between the years 1970 and 2038' }
  return { text: `${fields(time, zone)}${fractionOf(digits.slice(0, fraction))}${offset}` }
}

/** Without the zeros that say nothing. */
function fractionOf(digits: string): string {
  const kept = digits.replace(/0+$/, '')
  return kept && `.${kept}`
}

function inYears(time: Date): boolean {
  return time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9999
}

/** What a clock there shows. A time that is given with its zone, for a column that knows none, is what the clock here shows. */
function fields(time: Date, zone: Zone | undefined): string {
  return new Date(shownMs(time, zone)).toISOString().slice(0, 19).replace('T', ' ')
}

/** What a clock there shows, as if it were UTC. */
function shownMs(time: Date, zone: Zone = 'local'): number {
  return zone === 'local' || zone === 'none' ? hereMs(time) : time.getTime() + aheadMs(zone)
}

function aheadMs(zone: Exclude<Zone, 'local' | 'none'>): number {
  return zone === 'utc' ? 0 : offsetMs(zone)
}

/** Field by field: `getTimezoneOffset` leaves out the seconds by which clocks differed before there were time zones. */
function hereMs(time: Date): number {
  const shown = new Date(0)
  shown.setUTCFullYear(time.getFullYear(), time.getMonth(), time.getDate())
  return shown.setUTCHours(time.getHours(), time.getMinutes(), time.getSeconds())
}
