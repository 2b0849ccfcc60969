import type { LogEvent } from 'failsoft/knex'
import { openPool as openPg, type PoolOptions, type SupervisedPoolDatabase } from 'failsoft/pg'
import { openPool as openMysql } from 'failsoft/mysql2'
import type { Test } from 'tap'
import { startMariadb } from '../servers/mariadb.js'
import { startPostgres } from '../servers/postgres.js'

/** A connection that is checked out. */
export interface Held {
  run(sql: string): Promise<Record<string, unknown>[]>
  release(): void
}

/** A server, and its driver's own pool in the same words. */
export interface PoolFamily {
  readonly name: string
  readonly url: string
  open(options?: PoolOptions): SupervisedPoolDatabase<unknown>
  /** Runs a statement on the pool. */
  run(pool: unknown, sql: string): Promise<Record<string, unknown>[]>
  hold(pool: unknown): Promise<Held>
  end(pool: unknown): Promise<void>
  /** Ends all connections but the one that asks. */
  killOthers(pool: unknown): Promise<void>
  readonly sleep: (seconds: number) => string
  /** Statements that make a user of this password. */
  readonly makeUser: (name: string, password: string) => readonly string[]
  readonly setPassword: (name: string, password: string) => string
  /** Statements that make a user of its name as password, which may have so many connections. */
  readonly limitedUser: (name: string, limit: number) => readonly string[]
  stop(): Promise<void>
  start(): Promise<void>
}

type PgPool = Awaited<ReturnType<ReturnType<typeof openPg>['ready']>>
type MysqlPool = Awaited<ReturnType<ReturnType<typeof openMysql>['ready']>>

/** A PostgreSQL, and pg. */
export async function postgresFamily(t: Test): Promise<PoolFamily> {
  const server = await startPostgres()
  t.teardown(() => server.remove())
  const run = async (pool: unknown, sql: string) =>
    (await (pool as PgPool).query<Record<string, unknown>>(sql)).rows
  return {
    name: 'PostgreSQL',
    url: server.url,
    open: openPg,
    run,
    async hold(pool) {
      const client = await (pool as PgPool).connect()
      return {
        run: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
        release: () => client.release(),
      }
    },
    end: (pool) => (pool as PgPool).end(),
    async killOthers(pool) {
      await run(
        pool,
        `select pg_terminate_backend(pid) from pg_stat_activity
         where pid <> pg_backend_pid() and backend_type = 'client backend'`,
      )
    },
    sleep: (seconds) => `select pg_sleep(${seconds})`,
    makeUser: (name, password) => [`create role ${name} login password '${password}'`],
    setPassword: (name, password) => `alter role ${name} password '${password}'`,
    limitedUser: (name, limit) => [`create role ${name} login password '${name}' connection limit ${limit}`],
    stop: () => server.stop(),
    start: () => server.start(),
  }
}

/** A MariaDB, and mysql2. */
export async function mariadbFamily(t: Test): Promise<PoolFamily | { readonly skip: string }> {
  const server = await startMariadb()
  if ('skip' in server) return server
  t.teardown(() => server.remove())
  const run = async (pool: unknown, sql: string) =>
    (await (pool as MysqlPool).query(sql))[0] as Record<string, unknown>[]
  return {
    name: 'MariaDB',
    url: server.url,
    open: openMysql,
    run,
    async hold(pool) {
      const connection = await (pool as MysqlPool).getConnection()
      return {
        run: async (sql) => (await connection.query(sql))[0] as Record<string, unknown>[],
        release: () => connection.release(),
      }
    },
    end: (pool) => (pool as MysqlPool).end(),
    async killOthers(pool) {
      const held = await (pool as MysqlPool).getConnection()
      const [rows] = await held.query(
        `select id from information_schema.processlist where id <> connection_id() and user <> 'system user'`,
      )
      for (const { id } of rows as { id: number }[]) await held.query(`kill ${id}`).catch(() => undefined)
      held.release()
    },
    sleep: (seconds) => `select sleep(${seconds})`,
    makeUser: (name, password) => [
      `create user ${name} identified by '${password}'`,
      `grant all on *.* to ${name}`,
    ],
    setPassword: (name, password) => `alter user ${name} identified by '${password}'`,
    limitedUser: (name, limit) => [
      `create user ${name} identified by '${name}' with max_user_connections ${limit}`,
      `grant all on *.* to ${name}`,
    ],
    stop: () => server.stop(),
    start: () => server.start(),
  }
}

/** Opens a pool that is closed after the test, and fails it where anything goes uncaught. */
export function openIn(
  t: Test,
  family: PoolFamily,
  options: PoolOptions = {},
): SupervisedPoolDatabase<unknown> & { readonly events: readonly LogEvent[] } {
  const events: LogEvent[] = []
  const database = family.open({ url: family.url, log: (event) => events.push(event), ...options })
  t.teardown(() => database.close({ timeoutMs: 500 }))
  return Object.assign(database, { events })
}

/** What became of work: it was served, or the code of its error, which some builders put into one of their own. */
export async function outcome(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => 'served',
    (error: unknown) => {
      const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
      return code ?? cause?.code
    },
  )
}
