/** How a value is to be written so that a column takes it. */
export type ColumnKind =
  | 'boolean'
  | 'integer'
  | 'float'
  | 'decimal'
  | 'text'
  | 'bytes'
  | 'json'
  | 'instant'
  | 'date'
  | 'uuid'
  | 'enum'
  | 'other'
  | 'any'

/** A column, and what it can hold. */
export interface Column {
  readonly name: string
  readonly kind: ColumnKind
  /** The type in the words of the database. */
  readonly type: string
  readonly isNullable: boolean
  /** Whether it gets a value of its own where none is given. */
  readonly hasDefault: boolean
  /** Whether the database computes it, so that it cannot be written. */
  readonly isGenerated: boolean
  /** Whether a value can be given to a new row alone. */
  readonly isFixed?: boolean
  /** Whether a change of the row gives it a new value, unless it is written too. */
  readonly renewsItself?: boolean
  /** The bounds of an integer, both inclusive. */
  readonly range?: readonly [bigint, bigint]
  /** The most characters of a text. */
  readonly maxLength?: number
  /** The most bytes of a text or of bytes. */
  readonly maxBytes?: number
  /** Of a decimal: all digits, and those after the point; fewer than none where it is rounded before the point. */
  readonly digits?: readonly [number, number]
  /** Digits of the fraction of a second that are kept. */
  readonly fraction?: number
  /** Where a time without an offset is. */
  readonly zone?: Zone
  /** What a time ends with where it is written; default: nothing. */
  readonly offset?: string
  /** A time that is kept as seconds from 1970, in 32 bits. */
  readonly isShort?: boolean
  /** The words of an enumeration. */
  readonly labels?: readonly string[]
  /** A float of four bytes. */
  readonly isSingle?: boolean
  /** Whether blanks at the end are no part of it. */
  readonly isPadded?: boolean
  /** Whether it takes no NUL character. */
  readonly refusesNul?: boolean
}

/** Whose clock a time is read from; an offset is one such as `+02:00`. */
export type Zone = 'utc' | 'local' | 'none' | `+${string}` | `-${string}`

/** A foreign key. */
export interface Reference {
  readonly columns: readonly string[]
  readonly table: string
  readonly isDeferrable: boolean
}

/** A table. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** The primary key, else a unique one without NULL; empty where there is neither. */
  readonly key: readonly string[]
  readonly references: readonly Reference[]
  /** Whether its engine has transactions. */
  readonly isTransactional: boolean
  /** Whether it may refuse rows that fit its columns: other unique keys, checks, triggers. */
  readonly isChoosy: boolean
  /** Of SQLite: the name of the row id; absent in a table without one. */
  readonly rowId?: string
  /** Of SQLite: the columns that its rows are in the order of, in a table without row ids. */
  readonly order?: readonly string[]
}

/** The one of that name, whatever its case where only one is meant. */
export function sameName<Named extends { readonly name: string }>(
  all: readonly Named[],
  name: string,
): Named | undefined {
  const folded = all.filter((one) => one.name.toLowerCase() === name.toLowerCase())
  return all.find((one) => one.name === name) ?? (folded.length === 1 ? folded[0] : undefined)
}

/** Puts a name in quotes. */
export function quoteWith(mark: '"' | '`'): (name: string) => string {
  return (name) => mark + name.replaceAll(mark, mark + mark) + mark
}
