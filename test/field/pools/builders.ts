import { sql as drizzleSql, type SQL } from 'drizzle-orm'
import { drizzle as drizzleMysql } from 'drizzle-orm/mysql2'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import { CompiledQuery, Kysely, MysqlDialect, PostgresDialect } from 'kysely'
import type { Pool as MysqlPool } from 'mysql2/promise'
import type { Pool as PgPool } from 'pg'

/** A builder of queries over a pool. */
export interface Builder {
  one(): Promise<unknown>
  insert(name: string): Promise<unknown>
  /** Inserts both, or none. */
  insertBoth(names: readonly [string, string]): Promise<unknown>
  names(): Promise<string[]>
  /** Has a transaction open meanwhile, in which nothing is asked. */
  holdOpen(meanwhile: () => Promise<void>): Promise<unknown>
}

interface Tables {
  built: { name: string }
}

/** Makes a builder on a pool. */
export type Open = (pool: unknown) => Builder

function ofKysely(db: Kysely<Tables>): Builder {
  const insert = (on: Pick<Kysely<Tables>, 'insertInto'>, name: string): Promise<unknown> =>
    on.insertInto('built').values({ name }).execute()
  return {
    one: () => db.executeQuery(CompiledQuery.raw('select 1')),
    insert: (name) => insert(db, name),
    insertBoth: (names) =>
      db.transaction().execute(async (trx) => {
        for (const name of names) await insert(trx, name)
      }),
    names: async () => (await db.selectFrom('built').select('name').execute()).map(({ name }) => name),
    holdOpen: (meanwhile) =>
      db.transaction().execute(async (trx) => {
        await trx.executeQuery(CompiledQuery.raw('select 1'))
        await meanwhile()
      }),
  }
}

const insertSql = (name: string): ReturnType<typeof drizzleSql> =>
  drizzleSql`insert into built (name) values (${name})`
const namesSql = drizzleSql`select name from built`

interface Drizzle {
  execute(query: SQL): PromiseLike<unknown>
  transaction(work: (trx: Pick<Drizzle, 'execute'>) => Promise<void>): Promise<void>
}

function ofDrizzle(db: Drizzle, rowsOf: (answer: unknown) => Rows): Builder {
  return {
    one: async () => db.execute(drizzleSql`select 1`),
    insert: async (name) => db.execute(insertSql(name)),
    insertBoth: (names) =>
      db.transaction(async (trx) => {
        for (const name of names) await trx.execute(insertSql(name))
      }),
    names: async () => rowsOf(await db.execute(namesSql)).map(({ name }) => name),
    holdOpen: (meanwhile) =>
      db.transaction(async (trx) => {
        await trx.execute(drizzleSql`select 1`)
        await meanwhile()
      }),
  }
}

type Rows = readonly { readonly name: string }[]
const pgRows = (answer: unknown): Rows => (answer as { rows: Rows }).rows
const mysqlRows = (answer: unknown): Rows => (answer as [Rows])[0]

/** The builders that take a pool of pg, and those that take one of mysql2. */
export const builders: Readonly<Record<'pg' | 'mysql2', Readonly<Record<string, Open>>>> = {
  pg: {
    Kysely: (pool) => ofKysely(new Kysely({ dialect: new PostgresDialect({ pool: pool as PgPool }) })),
    Drizzle: (pool) => ofDrizzle(drizzlePg({ client: pool as PgPool }), pgRows),
  },
  mysql2: {
    Kysely: (pool) =>
      ofKysely(
        new Kysely({ dialect: new MysqlDialect({ pool: (pool as { pool: unknown }).pool as never }) }),
      ),
    Drizzle: (pool) => ofDrizzle(drizzleMysql({ client: pool as MysqlPool }), mysqlRows),
  },
}
