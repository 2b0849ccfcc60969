import { normalizerOf, sumOfTexts } from './comparable.ts'
import { convert } from './convert.ts'
import type { TablePair } from './plan.ts'
import type { Text } from './primaries/primary.ts'
import { keyMaker, type SourceRow } from './read-rows.ts'
import { untag, type SourceValue } from './source-value.ts'
import type { Column } from './table.ts'

/** A row as the primary is to get it. */
export interface TargetRow {
  /** What tells the row from all others. */
  readonly key: string
  readonly texts: readonly Text[]
  readonly comparables: readonly Text[]
  readonly refusals: readonly Refusal[]
}

/** A value that does not fit. */
export interface Refusal {
  readonly column: string
  readonly why: string
}

const none: readonly Refusal[] = []

/** Makes of rows of the stand-in those of the primary. */
export class RowMaker {
  readonly #pair: TablePair
  readonly #keyOf: (row: SourceRow) => string
  readonly #normalizers: readonly ReturnType<typeof normalizerOf>[]
  readonly #isPlain: boolean

  constructor(pair: TablePair) {
    this.#pair = pair
    this.#keyOf = keyMaker(pair.source)
    this.#normalizers = pair.columns.map(({ column }) => normalizerOf(column))
    this.#isPlain = this.#normalizers.every((normalize) => normalize === undefined)
  }

  make(row: SourceRow): TargetRow {
    const texts: Text[] = []
    let refusals = none
    for (const { column, from } of this.#pair.columns) {
      const made = row.broken?.includes(from) ? broken : fit(row.values[from]!, column)
      texts.push(made.text)
      if (made.why !== undefined) refusals = [...refusals, { column: column.name, why: made.why }]
    }
    const comparables = this.#isPlain ? texts : this.comparablesOf(texts)
    return { key: this.#keyOf(row), texts, comparables, refusals }
  }

  /** The row of a key, of which the stand-in has no more than that. */
  makeOfKey(key: string): TargetRow {
    const { columns, source } = this.#pair
    const parts = JSON.parse(key) as string[]
    const texts = columns.map(({ column, from }) => {
      const place = source.key.indexOf(source.columns[from]!.name)
      const value = place < 0 ? null : untag(parts[place]!)
      const made = value === null ? undefined : convert(value, column)
      return made && 'text' in made ? made.text : null
    })
    return { key, texts, comparables: this.comparablesOf(texts), refusals: none }
  }

  comparablesOf(texts: readonly Text[]): readonly Text[] {
    return texts.map((text, index) => (text === null ? null : (this.#normalizers[index]?.(text) ?? text)))
  }
}

interface Fit {
  readonly text: Text
  readonly why?: string
}

const nothing: Fit = { text: null }
const broken: Fit = { text: null, why: 'is text that is not UTF-8' }
const missing: Fit = { text: null, why: 'is NULL, which the column does not take' }

function fit(value: SourceValue, column: Column): Fit {
  if (value === null) return column.isNullable ? nothing : missing
  const made = convert(value, column)
  return 'text' in made ? made : { text: null, why: made.why }
}

/** The sum of a row's values, in the primary's terms. */
export function sumOf({ comparables }: Pick<TargetRow, 'comparables'>): string {
  return sumOfTexts(comparables)
}
