import type { Knex } from 'knex'
import { ask } from '../ask.ts'
import type { Column, Table } from '../table.ts'

/** A value that is ready to be written, as text; what the text means depends on the column's kind. */
export type Text = string | null

/** What differs between the databases that rows are copied into. */
export interface Primary {
  readonly quote: (name: string) => string
  /** The tables that are there, with what is known of them. */
  readTables(knex: Knex): Promise<readonly Table[]>
  /** Reads a column as text, so that what was written can be compared. */
  readExpression(column: Column): string
  /** A text as a parameter of a statement. */
  parameter(
    column: Column,
    text: Text,
  ): { readonly sql: string; readonly bindings: readonly Knex.RawBinding[] }
  /** Whether a row has one of these keys of several columns. */
  matchKeys(names: readonly string[], keys: readonly (readonly string[])[]): string
  /**
   * Counts the rows of a table, and adds up the sums of their comparable texts: answers `n` and `total`. None where a column has
   * no form that the server writes as it is compared.
   */
  totalSql?(table: Table, columns: readonly Column[]): string | undefined
  /** Whether a table that is made within a transaction goes when that is taken back. */
  readonly undoesTables: boolean
  /** Inserts rows in bulk. */
  insert(
    trx: Knex.Transaction,
    table: Table,
    columns: readonly Column[],
    rows: readonly (readonly Text[])[],
  ): Promise<void>
  /** Inserts rows that arrive as text, a page at a time, where that can be. */
  readonly bulk?: Bulk
  /** Said at the beginning of each transaction. */
  readonly beginSql: readonly string[]
  /** Lets foreign keys be checked at the end of the transaction, where that can be. */
  readonly deferSql?: string
  /** Lets them be checked at each statement, whatever they say. */
  readonly checkAtOnceSql?: string
  /** Checks them now; fails where one points at nothing. */
  readonly checkDeferred?: (trx: Knex.Transaction) => Promise<void>
  /** Lets the counters of the keys go on after the rows that were copied. */
  setSequences(trx: Knex.Transaction, table: Table): Promise<void>
  /** Keeps long texts of the ledger from being compressed, which costs more time than it is worth. */
  readonly keepPlainSql?: string
  /** How the ledger's line of who promotes is written where there is one already, and how it is locked while it is read. */
  readonly claimSql: { readonly takeOver: string; readonly lock: string }
  readonly ledgerTypes: { readonly text: string; readonly name: string; readonly engine?: string }
}

/** One statement that takes rows without end. */
export interface Bulk {
  /** A line for each row, with the marks of its sum between the columns. */
  linesOf(columns: readonly Column[], rows: readonly (readonly Text[])[]): Buffer
  /** Inserts the rows of all pages; a page that cannot be made ends it with that error. */
  insert(
    trx: Knex.Transaction,
    table: Table,
    columns: readonly Column[],
    pages: AsyncIterable<Buffer>,
  ): Promise<void>
}

/** Inserts by statements of many rows, as many as parameters allow. */
export async function insertByStatements(
  { quote, parameter }: Pick<Primary, 'quote' | 'parameter'>,
  trx: Knex.Transaction,
  table: Table,
  columns: readonly Column[],
  rows: readonly (readonly Text[])[],
  overriding = '',
): Promise<void> {
  const names = columns.map(({ name }) => quote(name)).join(', ')
  const size = Math.max(1, Math.min(500, Math.floor(30_000 / columns.length)))
  for (let start = 0; start < rows.length; start += size) {
    const bindings: Knex.RawBinding[] = []
    const lines = rows.slice(start, start + size).map((row) => {
      const cells = row.map((text, index) => {
        const cell = parameter(columns[index]!, text)
        bindings.push(...cell.bindings)
        return cell.sql
      })
      return `(${cells.join(', ')})`
    })
    const sql = `insert into ${quote(table.name)} (${names})${overriding} values ${lines.join(', ')}`
    await ask(trx, sql, bindings)
  }
}

/** A unique key without NULL: the primary key first. */
export function chooseKey(
  indexes: readonly { readonly isPrimary: boolean; readonly columns: readonly string[] }[],
  columns: readonly Column[],
): readonly string[] {
  const isWhole = (name: string): boolean =>
    columns.some((column) => column.name === name && !column.isNullable)
  const usable = indexes.filter((index) => index.isPrimary || index.columns.every(isWhole))
  return (usable.find(({ isPrimary }) => isPrimary) ?? usable[0])?.columns ?? []
}
