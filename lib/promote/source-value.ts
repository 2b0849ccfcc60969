/** A value as SQLite holds it, without loss. */
export type SourceValue = null | number | bigint | string | Buffer

/** Reads a column without loss, whatever the driver does with large integers: text and large integers come with a letter before them. */
export function readExpression(column: string): string {
  const safe = `between ${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}`
  return `case typeof(${column}) when 'text' then 't' || ${column} when 'integer' then case when ${column} ${safe} then ${column} else 'i' || ${column} end else ${column} end`
}

/** What {@link readExpression} read. */
export function readValue(value: unknown): SourceValue {
  if (typeof value !== 'string') return value as SourceValue
  return value.startsWith('t') ? value.slice(1) : BigInt(value.slice(1))
}

/** A value as text, with its type, such as `n1`, `tone` or `bff00`. */
export function tag(value: SourceValue): string | null {
  if (value === null) return null
  if (typeof value === 'string') return `t${value}`
  return typeof value === 'object' ? `b${value.toString('hex')}` : `n${digits(value)}`
}

/** The value of a {@link tag}. */
export function untag(tagged: string | null): SourceValue {
  if (tagged === null) return null
  const text = tagged.slice(1)
  if (tagged.startsWith('t')) return text
  if (tagged.startsWith('b')) return Buffer.from(text, 'hex')
  const number = Number(text)
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(text) ? number : BigInt(text)
}

/** A value as a literal of SQLite. */
export function literal(value: SourceValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return textLiteral(value)
  if (typeof value === 'object') return `x'${value.toString('hex')}'`
  return digits(value).replace('Infinity', '9e999')
}

/** The bytes of a text depend on the encoding of the file. A statement ends at a NUL. */
function textLiteral(text: string): string {
  return `('${text.replaceAll("'", "''").replaceAll('\0', "' || char(0) || '")}')`
}

/** A large float keeps its point: without it, it would be a whole number of other digits. */
function digits(value: number | bigint): string {
  const isLargeFloat = Number.isInteger(value) && !Number.isSafeInteger(value)
  const text = String(value)
  return isLargeFloat && !text.includes('e') ? `${text}.0` : text
}
