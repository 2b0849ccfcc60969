import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import { ask } from './ask.ts'
import type { Primary } from './primaries/primary.ts'

/** The table of the primary that says which rows came from which stand-in. */
export const ledgerTable = 'failsoft_promotions'

/**
 * A row that was copied: its key, the sum of its values, and the sum of what the primary itself made of it where that differs. That is
 * read in the transaction that wrote the row, so that it can be told from what another program made of it later.
 */
export type LedgerEntry = readonly [key: string, hash: string, kept?: string]

/** The rows of one chunk. */
export interface LedgerLine {
  readonly number: number
  readonly entries: readonly LedgerEntry[]
}

/** The lines of one stand-in in the ledger of a primary. */
export class Ledger {
  readonly #primary: Primary
  readonly #standIn: string

  constructor(primary: Primary, standIn: string) {
    this.#primary = primary
    this.#standIn = standIn
  }

  /** Makes the table where there is none. */
  async create(knex: Knex): Promise<void> {
    const { text, name, engine = '' } = this.#primary.ledgerTypes
    await ask(
      knex,
      `create table if not exists ${ledgerTable} (stand_in ${name} not null, table_name ${name} not null, chunk integer not null,
       last_key ${text}, hash ${name}, entries ${text}, primary key (stand_in, table_name, chunk)) ${engine}`,
    )
    if (this.#primary.keepPlainSql !== undefined) await ask(knex, this.#primary.keepPlainSql)
  }

  /** Says who promotes this stand-in from now on; whoever did so before finds out at its next transaction. */
  async claim(knex: Knex, holder: string): Promise<void> {
    const { takeOver } = this.#primary.claimSql
    // An insert would lock the lines beside it too in MySQL, where the other one is about to write.
    const known = `update ${ledgerTable} set hash = ? where stand_in = ? and table_name = '' and chunk = 0`
    await ask(knex, known, [holder, this.#standIn])
    if ((await this.holder(knex)) !== undefined) return
    const sql = `insert into ${ledgerTable} (stand_in, table_name, chunk, hash, entries) values (?, '', 0, ?, '[]') ${takeOver}`
    await ask(knex, sql, [this.#standIn, holder])
  }

  /** Who promotes this stand-in, until the end of the transaction. */
  async holder(knex: Knex): Promise<string | undefined> {
    const sql = `select hash from ${ledgerTable} where stand_in = ? and table_name = '' and chunk = 0 ${this.#primary.claimSql.lock}`
    const [row] = await ask<{ hash: string }>(knex, sql, [this.#standIn])
    return row?.hash
  }

  /** Writes lines from this number on, and returns the next; it is to be in the transaction of their rows. */
  async add(trx: Knex.Transaction, table: string, first: number, { lines }: LedgerText): Promise<number> {
    let number = first
    for (const { last, text } of lines)
      await ask(
        trx,
        `insert into ${ledgerTable} (stand_in, table_name, chunk, last_key, hash, entries) values (?, ?, ?, ?, ?, ?)`,
        [this.#standIn, table, number++, last, hashOf(text), text],
      )
    return number
  }

  /** Puts other entries in place of those of a line. */
  async replace(trx: Knex.Transaction, table: string, { number, entries }: LedgerLine): Promise<void> {
    const text = JSON.stringify(entries)
    await ask(
      trx,
      `update ${ledgerTable} set last_key = ?, hash = ?, entries = ? where stand_in = ? and table_name = ? and chunk = ?`,
      [lastOf(entries), hashOf(text), text, this.#standIn, table, number],
    )
  }

  /** Reads the lines of a table, one after the other. */
  async *lines(knex: Knex, table: string): AsyncGenerator<LedgerLine> {
    let last = -1
    for (;;) {
      const [row] = await ask<{ chunk: number; entries: string }>(
        knex,
        `select chunk, entries from ${ledgerTable} where stand_in = ? and table_name = ? and chunk > ? order by chunk limit 1`,
        [this.#standIn, table, last],
      )
      if (!row) return
      last = row.chunk
      yield { number: last, entries: JSON.parse(row.entries) as LedgerEntry[] }
    }
  }
}

/** So long is the text of a line, about. */
const lineLength = 250_000

/** Lines of the ledger that are to be written, as text: entries by themselves would need several times the memory. */
export class LedgerText {
  /** How many rows they are of. */
  rows = 0
  readonly #lines: { last: string; text: string }[] = []
  #parts: string[] = []
  #length = 0
  #last = ''

  add(entries: readonly LedgerEntry[]): void {
    if (entries.length === 0) return
    const part = JSON.stringify(entries).slice(1, -1)
    this.rows += entries.length
    this.#parts.push(part)
    this.#length += part.length
    this.#last = lastOf(entries)!
    if (this.#length > lineLength) this.#end()
  }

  get lines(): readonly { readonly last: string; readonly text: string }[] {
    if (this.#parts.length > 0) this.#end()
    return this.#lines
  }

  #end(): void {
    this.#lines.push({ last: this.#last, text: `[${this.#parts.join(',')}]` })
    this.#parts = []
    this.#length = 0
  }
}

function lastOf(entries: readonly LedgerEntry[]): string | null {
  return entries.at(-1)?.[0] ?? null
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
