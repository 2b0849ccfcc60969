import { sql as drizzleSql } from 'drizzle-orm'
import { drizzle as drizzleMysql, type MySql2Database } from 'drizzle-orm/mysql2'
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
}

interface Tables {
  built: { name: string }
}

type Open = (pool: unknown) => Builder

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
  }
}

type PgDrizzle = ReturnType<typeof drizzlePg>

const insertSql = (name: string): ReturnType<typeof drizzleSql> =>
  drizzleSql`insert into built (name) values (${name})`
const namesSql = drizzleSql`select name from built`

function ofPgDrizzle(db: PgDrizzle): Builder {
  return {
    one: async () => db.execute(drizzleSql`select 1`),
    insert: async (name) => db.execute(insertSql(name)),
    insertBoth: (names) =>
      db.transaction(async (trx) => {
        for (const name of names) await trx.execute(insertSql(name))
      }),
    names: async () => (await db.execute<{ name: string }>(namesSql)).rows.map(({ name }) => name),
  }
}

function ofMysqlDrizzle(db: MySql2Database): Builder {
  return {
    one: async () => db.execute(drizzleSql`select 1`),
    insert: async (name) => db.execute(insertSql(name)),
    insertBoth: (names) =>
      db.transaction(async (trx) => {
        for (const name of names) await trx.execute(insertSql(name))
      }),
    names: async () => {
      const [rows] = await db.execute(namesSql)
      return (rows as unknown as { name: string }[]).map(({ name }) => name)
    },
  }
}

/** The builders that take a pool of pg, and those that take one of mysql2. */
export const builders: Readonly<Record<'pg' | 'mysql2', Readonly<Record<string, Open>>>> = {
  pg: {
    Kysely: (pool) => ofKysely(new Kysely({ dialect: new PostgresDialect({ pool: pool as PgPool }) })),
    Drizzle: (pool) => ofPgDrizzle(drizzlePg({ client: pool as PgPool })),
  },
  mysql2: {
    Kysely: (pool) =>
      ofKysely(
        new Kysely({ dialect: new MysqlDialect({ pool: (pool as { pool: unknown }).pool as never }) }),
      ),
    Drizzle: (pool) => ofMysqlDrizzle(drizzleMysql({ client: pool as MysqlPool })),
  },
}
