import type { Knex } from 'knex'
import { ask } from './ask.ts'
import { comparable, type Total } from './comparable.ts'
import { hasKey, type TablePair } from './plan.ts'
import type { Primary, Text } from './primaries/primary.ts'
import type { TargetRow } from './row-maker.ts'
import { tag } from './source-value.ts'
import type { Column } from './table.ts'

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
    return hasKey(this.#pair)
  }

  get columns(): readonly Column[] {
    return this.#pair.columns.map(({ column }) => column)
  }

  get #name(): string {
    return this.#primary.quote(this.#pair.target.name)
  }

  async isEmpty(knex: Knex): Promise<boolean> {
    return (await ask(knex, `select 1 from ${this.#name} limit 1`)).length === 0
  }

  async count(knex: Knex): Promise<number> {
    const [row] = await ask<{ n: unknown }>(knex, `select count(*) as n from ${this.#name}`)
    return Number(row?.n)
  }

  /** Reads those of the rows that are there, as their comparable texts, by the key of what was asked for. */
  async find(knex: Knex, rows: readonly TargetRow[]): Promise<Map<string, readonly Text[]>> {
    const found = new Map<string, readonly Text[]>()
    const atOnce = this.#isSpelledInOneWay ? 500 : 1
    for (let start = 0; start < rows.length; start += atOnce)
      await this.#findSome(knex, rows.slice(start, start + atOnce), found)
    return found
  }

  /** A key that differs in case alone may be the same to the primary: whose row it is shows by halves. */
  async #findSome(
    knex: Knex,
    rows: readonly TargetRow[],
    found: Map<string, readonly Text[]>,
  ): Promise<void> {
    if (rows.length === 0) return
    const byIdentity = new Map(rows.map((row) => [this.#identity(row.comparables), row.key]))
    let hasOther = false
    for (const texts of await this.#select(knex, rows)) {
      const key = rows.length === 1 ? rows[0]!.key : byIdentity.get(this.#identity(texts))
      if (key === undefined) hasOther = true
      else found.set(key, texts)
    }
    if (!hasOther) return
    const left = rows.filter(({ key }) => !found.has(key))
    const half = Math.ceil(left.length / 2)
    await this.#findSome(knex, left.slice(0, half), found)
    await this.#findSome(knex, left.slice(half), found)
  }

  /** What tells each row from all others to the primary, however its key is spelled. */
  async identities(knex: Knex, rows: readonly TargetRow[]): Promise<string[]> {
    const found = this.#isComparedAsText ? await this.find(knex, rows) : undefined
    return rows.map(({ key, comparables }) => this.#identity(found?.get(key) ?? comparables))
  }

  async #select(knex: Knex, rows: readonly TargetRow[]): Promise<(readonly Text[])[]> {
    const list = this.columns.map((column, index) => `${this.#primary.readExpression(column)} as c${index}`)
    const where = this.#whereIn(rows)
    const sql = `select ${list.join(', ')} from ${this.#name} where ${where.sql}`
    const answer = await ask<Record<string, FromDriver>>(knex, sql, where.bindings)
    return answer.map((row) =>
      this.columns.map((column, index) => comparable(asText(column, row[`c${index}`]), column)),
    )
  }

  /** Whether a key that is read back is the text that was asked for: an address or an interval may be written in many ways. */
  get #isSpelledInOneWay(): boolean {
    return this.#keyPlaces.every((place) => this.columns[place]!.kind !== 'other')
  }

  /** Whether texts that are not the same may be the same key, such as those that differ in case. */
  get #isComparedAsText(): boolean {
    return this.#keyPlaces.some((place) => ['text', 'any', 'other'].includes(this.columns[place]!.kind))
  }

  /** Whether the table holds what adds up to this and nothing else; unknown where the server cannot add it up. */
  async holds(knex: Knex, total: Total): Promise<boolean> {
    const sql = this.#primary.totalSql?.(this.#pair.target, this.columns)
    if (sql === undefined) return false
    const [row] = await ask<{ n: unknown; total: unknown }>(knex, sql)
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
    const places = this.columns.flatMap(({ name, isFixed }, index) =>
      (names?.includes(name) ?? !isFixed) && !this.#keyPlaces.includes(index) ? [index] : [],
    )
    if (places.length === 0) return
    const cells = places.map((place) => this.#primary.parameter(this.columns[place]!, texts[place]!))
    const sets = places.map(
      (place, index) => `${this.#primary.quote(this.columns[place]!.name)} = ${cells[index]!.sql}`,
    )
    const where = this.#whereIn([{ texts }])
    await ask(trx, `update ${this.#name} set ${sets.join(', ')} where ${where.sql}`, [
      ...cells.flatMap(({ bindings }) => bindings),
      ...where.bindings,
    ])
  }

  async delete(trx: Knex.Transaction, rows: readonly Pick<TargetRow, 'texts'>[]): Promise<void> {
    const where = this.#whereIn(rows)
    await ask(trx, `delete from ${this.#name} where ${where.sql}`, where.bindings)
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

  /** The key among comparable texts. */
  #identity(comparables: readonly Text[]): string {
    return JSON.stringify(this.#keyPlaces.map((place) => comparables[place]))
  }
}

/** What a driver makes of an expression that reads a column as text. */
type FromDriver = string | number | bigint | boolean | Buffer | null | undefined

function asText({ kind }: Column, value: FromDriver): Text {
  if (value === null || value === undefined) return null
  if (kind !== 'any') return String(value)
  if (typeof value === 'string') return value.startsWith('i') ? `n${value.slice(1)}` : value
  return tag(typeof value === 'boolean' ? Number(value) : value)
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
