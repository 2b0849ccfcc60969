/** What is meant to differ from a plain knex: rows of docs/migrate-from-knex.md. */
export const accepted: readonly {
  readonly titles: RegExp
  /** The drivers that it holds for. */
  readonly on: RegExp
  readonly why: string
}[] = [
  {
    titles: /Connection configuration provider is not used when configuration is static$/,
    on: /sqlite/,
    why: 'It begins a write transaction on SQLite inside the work of another one.',
  },
]
