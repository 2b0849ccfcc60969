import type { Column, ColumnKind } from './table.ts'

/** Expressions of SQLite about one column. */
export interface PlainColumn {
  /** Whether a value that is not NULL is plain. */
  readonly fits: string
  /** The text of such a value: the one that `convert` and its comparable form have in common. */
  readonly text: string
}

/** What SQLite itself can say of a column's values; nothing where it takes more than expressions. */
export function plainColumn(quoted: string, column: Column): PlainColumn | undefined {
  return makers[column.kind]?.(quoted, column)
}

type Maker = (quoted: string, column: Column) => PlainColumn | undefined

const makers: Readonly<Partial<Record<ColumnKind, Maker>>> = {
  boolean: (value) => ({
    fits: `typeof(${value}) = 'integer' and ${value} in (0, 1)`,
    text: `iif(${value}, 'true', 'false')`,
  }),
  integer: (value, { range }) => ({ fits: wholeNumber(value, range), text: value }),
  decimal: toDecimal,
  text: toText,
  instant: toInstant,
  date: (value) => ({ fits: `date(${value}) is ${value} and ${value} >= '0001'`, text: value }),
  uuid: (value) => ({
    fits: `${value} like '________-____-____-____-____________' and ${value} not glob '*[^-0-9a-f]*' and length(replace(${value}, '-', '')) = 32`,
    text: `replace(${value}, '-', '')`,
  }),
}

const most = 2n ** 63n - 1n

function wholeNumber(value: string, [least, greatest] = [-most, most] as readonly [bigint, bigint]): string {
  const isWhole = `typeof(${value}) = 'integer'`
  return greatest < most ? `${isWhole} and ${value} between ${least} and ${greatest}` : isWhole
}

/** Fifteen digits and no exponent: SQLite writes these as they are. */
function toDecimal(value: string, { digits }: Column): PlainColumn | undefined {
  const [all, places] = digits ?? [30, 15]
  if (places > all || places < 0) return undefined
  const size = 10n ** BigInt(Math.min(15, all - places))
  const text = `cast(${value} as text)`
  const isSmall = `${value} > -${size} and ${value} < ${size}`
  const isReal = all <= 15 && places <= 4 ? fewPlaces(value, places) : manyPlaces(value, places)
  return {
    fits: `${isSmall} and case typeof(${value}) when 'integer' then true when 'real' then (${value} <> 0 or ${text} = '0.0') and ${isReal} end`,
    text: `iif(typeof(${value}) = 'real', rtrim(rtrim(${text}, '0'), '.'), ${value})`,
  }
}

/** The number that is nearest to a decimal of so few digits is written as that decimal. */
function fewPlaces(value: string, places: number): string {
  return `round(${value}, ${places}) = ${value}`
}

function manyPlaces(value: string, places: number): string {
  const text = `cast(${value} as text)`
  const isShort = `length(${text}) - instr(${text}, '.') <= ${places} and ${text} not glob '*e*'`
  return `cast(${text} as real) = ${value} and (${value} = cast(${value} as integer) or (${isShort}))`
}

function toText(value: string, { maxLength, isPadded }: Column): PlainColumn | undefined {
  if (isPadded) return undefined
  const isText = `typeof(${value}) = 'text'`
  return {
    fits: maxLength === undefined ? isText : `${isText} and length(${value}) <= ${maxLength}`,
    text: value,
  }
}

/** As CURRENT_TIMESTAMP writes it, or as knex writes a `Date`, of which SQLite knows the fields in UTC alone. */
function toInstant(
  value: string,
  { zone, isShort, fraction = 6, offset = '' }: Column,
): PlainColumn | undefined {
  if ((zone !== 'utc' && zone !== 'none') || isShort || fraction < 6) return undefined
  const isText = `datetime(${value}) is ${value} and ${value} >= '0001' and substr(${value}, 12, 2) < '24'`
  if (zone === 'none') return { fits: `typeof(${value}) = 'text' and ${isText}`, text: value }
  const last = Date.UTC(9999, 11, 31)
  return {
    fits: `case typeof(${value}) when 'text' then ${isText} when 'integer' then ${value} between 0 and ${last} end`,
    text: `case typeof(${value}) when 'text' then ${value} else datetime(${value} / 1000, 'unixepoch') || rtrim(rtrim(printf('.%03d', ${value} % 1000), '0'), '.') end || '${offset}'`,
  }
}
