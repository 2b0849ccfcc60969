import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import { ask } from './ask.ts'
import type { Primary } from './primaries/primary.ts'

/** The table of the primary that says which rows came from which stand-in. */
export const ledgerTable = 'failsoft_promotions'

/** A row that was copied: its key, the sum of its values, and the sum of what the primary made of it where that differs. */
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
    const { text, name } = this.#primary.ledgerTypes
    await ask(
      knex,
      `create table if not exists ${ledgerTable} (stand_in ${name} not null, table_name ${name} not null, chunk integer not null,
       last_key ${text}, hash ${name}, entries ${text}, primary key (stand_in, table_name, chunk))`,
    )
    if (this.#primary.keepPlainSql !== undefined) await ask(knex, this.#primary.keepPlainSql)
  }

  /** Writes a line; it is to be in the transaction of its rows. */
  async add(trx: Knex.Transaction, table: string, { number, entries }: LedgerLine): Promise<void> {
    await ask(
      trx,
      `insert into ${ledgerTable} (stand_in, table_name, chunk, last_key, hash, entries) values (?, ?, ?, ?, ?, ?)`,
      [this.#standIn, table, number, ...written(entries)],
    )
  }

  /** Puts other entries in place of those of a line. */
  async replace(trx: Knex.Transaction, table: string, { number, entries }: LedgerLine): Promise<void> {
    await ask(
      trx,
      `update ${ledgerTable} set last_key = ?, hash = ?, entries = ? where stand_in = ? and table_name = ? and chunk = ?`,
      [...written(entries), this.#standIn, table, number],
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

function written(entries: readonly LedgerEntry[]): [string | null, string, string] {
  const text = JSON.stringify(entries)
  return [entries.at(-1)?.[0] ?? null, createHash('sha256').update(text).digest('base64'), text]
}
