import { openDatabase } from 'failsoft/knex'
import { openPool as openMysql } from 'failsoft/mysql2'
import { openPool as openPg } from 'failsoft/pg'

/** A database as its writers see it. */
export interface Face {
  status(): string
  run(sql: string): Promise<unknown>
  /** Runs a statement in a transaction. */
  runInTransaction(sql: string): Promise<unknown>
  names(): Promise<readonly string[]>
  close(): Promise<void>
}

export type Open = (url: string) => Promise<Face>

const namesSql = 'select name from written'
const options = { log: () => {} }

interface Row {
  readonly name: string
}

export const viaKnex: Open = async (url) => {
  const database = openDatabase({ ...options, url, strategy: 'never' })
  const knex = await database.ready()
  return {
    status: () => database.state.status,
    run: async (sql) => knex.raw(sql),
    runInTransaction: (sql) => database.transaction(async (trx) => trx.raw(sql)),
    names: () => knex('written').pluck('name'),
    close: () => database.close(),
  }
}

export const openPgPool: Open = async (url) => {
  const database = openPg({ ...options, url })
  const pool = await database.ready()
  return {
    status: () => database.state.status,
    run: (sql) => pool.query(sql),
    runInTransaction: async (sql) => {
      const client = await pool.connect()
      try {
        for (const each of ['begin', sql, 'commit']) await client.query(each)
        client.release()
      } catch (error) {
        client.release(true)
        throw error
      }
    },
    names: async () => (await pool.query<Row>(namesSql)).rows.map(({ name }) => name),
    close: () => database.close(),
  }
}

export const openMysqlPool: Open = async (url) => {
  const database = openMysql({ ...options, url })
  const pool = await database.ready()
  return {
    status: () => database.state.status,
    run: (sql) => pool.query(sql),
    runInTransaction: async (sql) => {
      const connection = await pool.getConnection()
      try {
        for (const each of ['begin', sql, 'commit']) await connection.query(each)
        connection.release()
      } catch (error) {
        connection.destroy()
        throw error
      }
    },
    names: async () => ((await pool.query(namesSql))[0] as unknown as Row[]).map(({ name }) => name),
    close: () => database.close(),
  }
}
