import type { Knex } from 'knex'
import { pageSizeSql } from '../engine/sqlite/page-size.ts'
import { askForValues } from './ask.ts'
import { sumMarks } from './comparable.ts'
import { plainColumn } from './plain-columns.ts'
import type { TablePair } from './plan.ts'
import { pageBounds } from './read-rows.ts'
import { quoteWith, type ColumnKind } from './table.ts'

const quote = quoteWith('"')

/** Rows as one text, each on a line of COPY's format with {@link sumMarks}. */
export interface PlainPage {
  /** What tells each row from all others, as with other rows. */
  readonly keys: readonly string[]
  /** The comparable texts of each row. */
  readonly lines: readonly string[]
  readonly text: Buffer
}

/**
 * Reads rows of which SQLite makes the text itself, which is several times as fast as value by value. It stops before the page that
 * holds anything else.
 */
export class PlainRows {
  /** The row id after which the other rows begin. */
  last: string | undefined
  /** Whether there are other rows. */
  hasRest = true
  readonly #sql: ReturnType<typeof pageSql>
  readonly #keyOf: (line: string) => string
  readonly #columns: number

  constructor(pair: TablePair) {
    this.#sql = pageSql(pair)
    this.#keyOf = keyReader(pair)
    this.#columns = pair.columns.length
  }

  async *pages(knex: Knex): AsyncGenerator<PlainPage> {
    if (!this.#sql) return
    for (;;) {
      const after = this.last ?? null
      const [size] = await askForValues(knex, this.#sql.size, [after])
      const [answer] = await askForValues(knex, this.#sql.page, [after, size![0] as number])
      const [rows, count, fit, nulls, last] = answer as [string, number, number, number, string]
      this.hasRest = count > 0
      const page = count > 0 && fit === count ? this.#page(rows, count, nulls) : undefined
      if (!page) return
      yield page
      this.last = last
    }
  }

  /** None where a value holds one of the marks, or what is no text. */
  #page(rows: string, count: number, nulls: number): PlainPage | undefined {
    const text = Buffer.from(`${escape(rows).replaceAll(betweenRows, '\n')}\n`)
    const found = countControls(text)
    const isWhole =
      found[0] === 0 &&
      found[sumMarks.between.charCodeAt(0)] === count * (this.#columns - 1) &&
      found[sumMarks.null.charCodeAt(0)] === nulls &&
      found[10] === count &&
      !rows.includes('\uFFFD')
    if (!isWhole) return undefined
    const lines = rows.split(betweenRows)
    return { keys: lines.map(this.#keyOf), lines, text }
  }
}

const betweenRows = '\u001D'

/** How many rows come next, and these as one text, with what tells whether all of them are plain. */
function pageSql({
  source,
  columns,
}: TablePair): { readonly size: string; readonly page: string } | undefined {
  const { rowId, key } = source
  const plain = columns.map(({ column, from }) => {
    const name = source.columns[from]!.name
    const made = plainColumn(quote(name), column)
    return made && { ...made, name, column, quoted: quote(name) }
  })
  const keys = key.map((name) => plain.find((one) => one?.name === name))
  if (rowId === undefined || plain.length === 0 || !plain.every((one) => one !== undefined)) return undefined
  const isTellable = keys.length > 0 && keys.every((one) => one && keyWriters[one.column.kind])
  if (!isTellable) return undefined
  const fits = plain.map(({ fits, quoted, column }) =>
    column.isNullable ? `(${quoted} is null or ${fits})` : fits,
  )
  const nullable = plain.filter(({ column }) => column.isNullable)
  const nulls = ['0', ...nullable.map(({ quoted }) => `(${quoted} is null)`)].join(' + ')
  const texts = plain.map(({ text, quoted, column }) =>
    column.isNullable ? `iif(${quoted} is null, ${mark(sumMarks.null)}, ${text})` : text,
  )
  const between = ` || ${mark(sumMarks.between)} || `
  const row = `${texts.join(between)} as v, ((${fits.join(') and (')})) is true as f, ${nulls} as z, ${rowId} as r`
  const page = `group_concat(v, ${mark(betweenRows)}), count(*), sum(f), sum(z), cast(max(r) as text)`
  // knex would take it for a parameter.
  if (`${row} ${source.name}`.includes('?')) return undefined
  // Row ids begin below zero.
  const after = `${rowId} >= coalesce(cast(? as integer) + 1, ${-(2n ** 63n)})`
  const rest = `from ${quote(source.name)} where ${after} order by ${rowId} limit`
  const quoted = plain.map((one) => one.quoted)
  return {
    size: pageSizeSql(quoted, rest, pageBounds),
    page: `select ${page} from (select ${row} ${rest} ?)`,
  }
}

/** Parts of a key as JSON, with the letters of {@link tag}, of the texts in a line. */
const keyWriters: Readonly<Partial<Record<ColumnKind, (text: string) => string>>> = {
  integer: (text) => `"n${text}"`,
  text: (text) => JSON.stringify(`t${text}`),
  uuid: (text) => `"t${text.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}"`,
}

/** Reads the key of a row in its line. */
function keyReader({ source, columns }: TablePair): (line: string) => string {
  const parts = source.key.map((name) => {
    const place = columns.findIndex(({ from }) => source.columns[from]!.name === name)
    return { place, write: keyWriters[columns[place]?.column.kind ?? 'other'] ?? String }
  })
  return (line) => `[${parts.map(({ place, write }) => write(textAt(line, place))).join(',')}]`
}

/** The text of a column in a line. */
function textAt(line: string, place: number): string {
  let start = 0
  for (let count = 0; count < place; count++) start = line.indexOf(sumMarks.between, start) + 1
  const end = line.indexOf(sumMarks.between, start)
  return line.slice(start, end < 0 ? undefined : end)
}

function mark(text: string): string {
  return `char(${text.charCodeAt(0)})`
}

function escape(text: string): string {
  return /[\\\n\r]/.test(text)
    ? text
        .replaceAll('\\', '\\\\')
        .replaceAll('\n', String.raw`\n`)
        .replaceAll('\r', String.raw`\r`)
    : text
}

/** How often each control character stands in a text. */
function countControls(text: Buffer): Uint32Array {
  const counts = new Uint32Array(32)
  for (let index = 0; index < text.length; index++) if (text[index]! < 32) counts[text[index]!]!++
  return counts
}
