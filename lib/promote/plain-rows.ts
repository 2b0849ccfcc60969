import type { Knex } from 'knex'
import { askForValues } from './ask.ts'
import { sumMarks } from './comparable.ts'
import { plainColumn } from './plain-columns.ts'
import type { TablePair } from './plan.ts'
import { pageBytes, pageRows } from './read-rows.ts'
import { quoteWith } from './table.ts'

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
  readonly #sql: ((after: string, limit: number) => string) | undefined
  readonly #keyParts: number
  readonly #columns: number

  constructor(pair: TablePair) {
    this.#sql = pageSql(pair)
    this.#keyParts = Math.max(1, pair.source.key.length)
    this.#columns = pair.columns.length
  }

  async *pages(knex: Knex): AsyncGenerator<PlainPage> {
    if (!this.#sql) return
    let limit = 100
    for (;;) {
      const after = this.last === undefined ? '' : `where r > ${this.last}`
      const [answer] = await askForValues(knex, this.#sql(after, limit))
      const [keys, rows, count, fit, nulls, last] = answer as [string, string, number, number, number, string]
      const page = count > 0 && fit === count ? this.#page(keys, rows, count, nulls) : undefined
      if (count > 0 && !page) return
      if (page) yield page
      this.last = last ?? this.last
      this.hasRest = count === limit
      if (!this.hasRest) return
      limit = Math.max(1, Math.min(pageRows, Math.floor((pageBytes * count) / rows.length)))
    }
  }

  /** None where a value holds one of the marks, or what is no text. */
  #page(keys: string, rows: string, count: number, nulls: number): PlainPage | undefined {
    const text = Buffer.from(`${escape(rows).replaceAll(betweenRows, '\n')}\n`)
    const found = countControls(text)
    const isWhole =
      found[0] === 0 &&
      found[sumMarks.between.charCodeAt(0)] === count * (this.#columns - 1) &&
      found[sumMarks.null.charCodeAt(0)] === nulls &&
      found[10] === count &&
      !rows.includes('\uFFFD')
    if (!isWhole) return undefined
    const parts = keys.split(betweenRows)
    const made =
      this.#keyParts === 1
        ? parts.map((part) => JSON.stringify([part]))
        : parts.map((all) => JSON.stringify(all.split(sumMarks.between)))
    return { keys: made, lines: rows.split(betweenRows), text }
  }
}

const betweenRows = '\u001D'

function pageSql({ source, columns }: TablePair): ((after: string, limit: number) => string) | undefined {
  const { rowId, key } = source
  const plain = columns.map(({ column, from }) => {
    const name = source.columns[from]!.name
    const made = plainColumn(quote(name), column)
    return made && { ...made, name, column, quoted: quote(name) }
  })
  const keys = key.map((name) => plain.find((one) => one?.name === name))
  if (rowId === undefined || plain.length === 0 || !plain.every((one) => one !== undefined)) return undefined
  const isTellable = keys.every((one) => one && ['integer', 'text', 'uuid'].includes(one.column.kind))
  if (!isTellable) return undefined
  const keyTexts = keys.map((one) => `'${one!.column.kind === 'integer' ? 'n' : 't'}' || ${one!.quoted}`)
  const fits = plain.map(({ fits, quoted, column }) =>
    column.isNullable ? `(${quoted} is null or ${fits})` : fits,
  )
  const nullable = plain.filter(({ column }) => column.isNullable)
  const nulls = ['0', ...nullable.map(({ quoted }) => `(${quoted} is null)`)].join(' + ')
  const texts = plain.map(({ text, quoted, column }) =>
    column.isNullable ? `iif(${quoted} is null, ${mark(sumMarks.null)}, ${text})` : text,
  )
  const between = ` || ${mark(sumMarks.between)} || `
  const row = `${keyTexts.length > 0 ? keyTexts.join(between) : `'n' || ${rowId}`} as k, ${texts.join(between)} as v, ((${fits.join(') and (')})) is true as f, ${nulls} as z, ${rowId} as r`
  const rows = `group_concat(k, ${mark(betweenRows)}), group_concat(v, ${mark(betweenRows)})`
  return (after, limit) =>
    `select ${rows}, count(*), sum(f), sum(z), cast(max(r) as text) from (select ${row} from ${quote(source.name)} ${after} order by r limit ${limit})`
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
