import type { Knex } from 'knex'

/** Options of knex that are handed through. How to connect, and the size of the pool, are set by the URL and by the other options of the engine. */
export interface KnexOptions extends Pick<
  Knex.Config,
  | 'postProcessResponse'
  | 'wrapIdentifier'
  | 'migrations'
  | 'seeds'
  | 'useNullAsDefault'
  | 'asyncStackTraces'
  | 'debug'
  | 'compileSqlOnError'
  | 'defaultDateTimePrecision'
  | 'log'
> {
  /** Parameters that every builder of this knex knows. Default: none. */
  readonly userParams?: Readonly<Record<string, unknown>>
  /** What is done to each connection. */
  readonly pool?: {
    /** Called with each new connection of the driver, before its first use; on a SQLite file with each reader and the writer. Default: nothing. */
    readonly afterCreate?: NonNullable<Knex.PoolConfig['afterCreate']>
    /** Whether a connection may be used again, or a promise of that. Not called for a database in memory, which is lost with its connection. Default: any that is alive. */
    readonly validate?: (connection: unknown) => boolean | Promise<boolean>
  }
}

/** Packages that the program hands over, in place of those that are found on demand. */
export interface Drivers {
  /** What `import knex from 'knex'` gives. Default, as for the others: found on demand. */
  readonly knex?: unknown
  /** What `import pg from 'pg'` gives: for PostgreSQL and CockroachDB. */
  readonly pg?: unknown
  /** What `import mysql2 from 'mysql2'` gives: for MySQL and MariaDB. */
  readonly mysql2?: unknown
  /** What `import Sqlite from 'better-sqlite3'` gives: for SQLite. */
  readonly 'better-sqlite3'?: unknown
  /** What `import sqlite3 from 'sqlite3'` gives: for SQLite. */
  readonly sqlite3?: unknown
}
