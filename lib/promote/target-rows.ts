import type { Knex } from 'knex'
import { comparable, normalizerOf, sumOfTexts, type Total } from './comparable.ts'
import { convert } from './convert.ts'
import type { TablePair } from './plan.ts'
import { rowsOf, type Primary, type Text } from './primaries/primary.ts'
import { keyOf, type SourceRow } from './read-rows.ts'
import type { SourceValue } from './source-value.ts'
import type { Column } from './table.ts'

/** A row as the primary is to get it. */
export interface TargetRow {
  /** The row's key, as in `keyOf`. */
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
  readonly #normalizers: readonly ReturnType<typeof normalizerOf>[]
  readonly #isPlain: boolean

  constructor(pair: TablePair) {
    this.#pair = pair
    this.#normalizers = pair.columns.map(({ column }) => normalizerOf(column))
    this.#isPlain = this.#normalizers.every((normalize) => normalize === undefined)
  }

  make(row: SourceRow): TargetRow {
    const texts: Text[] = []
    let refusals = none
    for (const { column, from } of this.#pair.columns) {
      const made = fit(row.values[from]!, column)
      texts.push(made.text)
      if (made.why !== undefined) refusals = [...refusals, { column: column.name, why: made.why }]
    }
    const comparables = this.#isPlain || refusals.length > 0 ? texts : this.comparablesOf(texts)
    return { key: keyOf(this.#pair.source, row), texts, comparables, refusals }
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

/** The rows of one table of the primary. */
export class TargetTable {
  readonly #primary: Primary
  readonly #pair: TablePair
  readonly #keyPlaces: readonly number[]

  constructor(primary: Primary, pair: TablePair) {
    this.#primary = primary
    this.#pair = pair
    this.#keyPlaces = this.hasKey
      ? pair.target.key.map((name) => pair.columns.findIndex(({ column }) => column.name === name))
      : []
  }

  /** Whether its rows can be found again. */
  get hasKey(): boolean {
    return this.#pair.source.key.length > 0
  }

  get columns(): readonly Column[] {
    return this.#pair.columns.map(({ column }) => column)
  }

  get #name(): string {
    return this.#primary.quote(this.#pair.target.name)
  }

  async isEmpty(knex: Knex): Promise<boolean> {
    return rowsOf(await knex.raw(`select 1 from ${this.#name} limit 1`)).length === 0
  }

  /** Reads those of the rows that are there, as their comparable texts, by the key of what was asked for. */
  async find(
    knex: Knex,
    rows: readonly Pick<TargetRow, 'key' | 'texts'>[],
  ): Promise<Map<string, readonly Text[]>> {
    const found = new Map<string, readonly Text[]>()
    for (let start = 0; start < rows.length; start += 500) {
      const some = rows.slice(start, start + 500)
      const list = this.columns.map((column, index) => `${this.#primary.readExpression(column)} as c${index}`)
      const where = this.#whereIn(some)
      const answer = await knex.raw(
        `select ${list.join(', ')} from ${this.#name} where ${where.sql}`,
        where.bindings,
      )
      const byIdentity = new Map(some.map((row) => [this.#identity(row.texts), row.key]))
      for (const row of rowsOf<Record<string, FromDriver>>(answer)) {
        const texts = this.columns.map((column, index) =>
          comparable(asText(column, row[`c${index}`]), column),
        )
        const key = byIdentity.get(this.#identity(texts))
        if (key !== undefined) found.set(key, texts)
      }
    }
    return found
  }

  /** Whether the table holds what adds up to this and nothing else; unknown where the server cannot add it up. */
  async holds(knex: Knex, total: Total): Promise<boolean> {
    const sql = this.#primary.totalSql?.(this.#pair.target, this.columns)
    if (sql === undefined) return false
    const [row] = rowsOf<{ n: unknown; total: unknown }>(await knex.raw(sql))
    return total.equals({ rows: row?.n, sum: row?.total })
  }

  async insert(trx: Knex.Transaction, rows: readonly (readonly Text[])[]): Promise<void> {
    if (rows.length > 0) await this.#primary.insert(trx, this.#pair.target, this.columns, rows)
  }

  /** Writes these columns of a row that is there. */
  async update(
    trx: Knex.Transaction,
    { texts }: Pick<TargetRow, 'texts'>,
    names?: readonly string[],
  ): Promise<void> {
    const places = this.columns.flatMap(({ name }, index) =>
      (names?.includes(name) ?? true) && !this.#keyPlaces.includes(index) ? [index] : [],
    )
    if (places.length === 0) return
    const cells = places.map((place) => this.#primary.parameter(this.columns[place]!, texts[place]!))
    const sets = places.map(
      (place, index) => `${this.#primary.quote(this.columns[place]!.name)} = ${cells[index]!.sql}`,
    )
    const where = this.#whereIn([{ texts }])
    await trx.raw(`update ${this.#name} set ${sets.join(', ')} where ${where.sql}`, [
      ...cells.flatMap(({ bindings }) => bindings),
      ...where.bindings,
    ])
  }

  async delete(trx: Knex.Transaction, row: Pick<TargetRow, 'texts'>): Promise<void> {
    const where = this.#whereIn([row])
    await trx.raw(`delete from ${this.#name} where ${where.sql}`, where.bindings)
  }

  #whereIn(rows: readonly Pick<TargetRow, 'texts'>[]): { sql: string; bindings: Knex.RawBinding[] } {
    const bindings: Knex.RawBinding[] = []
    const keys = rows.map(({ texts }) => {
      const cells = this.#keyPlaces.map((place) =>
        this.#primary.parameter(this.columns[place]!, texts[place]!),
      )
      bindings.push(...cells.flatMap((cell) => cell.bindings))
      return cells.map(({ sql }) => sql)
    })
    const names = this.#keyPlaces.map((place) => this.#primary.quote(this.columns[place]!.name))
    if (names.length === 1)
      return { sql: `${names[0]} in (${keys.map(([sql]) => sql).join(', ')})`, bindings }
    return { sql: this.#primary.matchKeys(names, keys), bindings }
  }

  #identity(texts: readonly Text[]): string {
    return JSON.stringify(this.#keyPlaces.map((place) => comparable(texts[place]!, this.columns[place]!)))
  }
}

/** What a driver makes of an expression that reads a column as text. */
type FromDriver = string | number | bigint | boolean | Buffer | null | undefined

function asText({ kind }: Column, value: FromDriver): Text {
  if (value === null || value === undefined) return null
  if (kind !== 'any') return String(value)
  if (typeof value === 'string') return value.startsWith('i') ? `n${value.slice(1)}` : value
  return Buffer.isBuffer(value) ? `b${value.toString('hex')}` : `n${String(value)}`
}

/** A row whose key the primary holds with other values. */
export interface Clash {
  readonly row: TargetRow
  /** The first column that differs. */
  readonly column: string
}

/** The rows that are there with other values. */
export function clashesIn(
  { columns }: TargetTable,
  found: ReadonlyMap<string, readonly Text[]>,
  rows: readonly TargetRow[],
): Clash[] {
  return rows.flatMap((row) => {
    const place = found.get(row.key)?.findIndex((text, index) => text !== row.comparables[index]) ?? -1
    return place < 0 ? [] : [{ row, column: columns[place]!.name }]
  })
}
