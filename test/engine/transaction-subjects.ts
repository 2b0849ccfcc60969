import { join } from 'node:path'
import makeKnex, { type Knex } from 'knex'
import { clientOf } from '#lib/engine/knex-client.js'
import { guardTransactions, type TransactionRules } from '#lib/engine/guard-transactions.js'
import { mysqlTransactions } from '#lib/engine/mysql/transactions.js'
import { postgresTransactions } from '#lib/engine/postgres/transactions.js'
import type { SqliteDriver } from '#lib/engine/sqlite/driver-names.js'
import type { MariadbServer } from '../servers/mariadb.js'
import type { PostgresServer } from '../servers/postgres.js'
import { open } from './sqlite/open.js'

interface Owner {
  teardown(end: () => unknown): void
}

/** A dialect, and how things go wrong in it. */
export interface Subject {
  readonly name: string
  /** knex as it comes. */
  plain(t: Owner): Knex
  /** knex as this library makes it. */
  guarded(t: Owner): Knex
  /** Makes the COMMIT of an open transaction fail. */
  breakCommit(knex: Knex, trx: Knex.Transaction): Promise<unknown>
  /** Leaves the connection that the next transaction gets in a state in which BEGIN fails. */
  breakBegin(knex: Knex): Promise<unknown>
  /** How a transaction is asked for, so that its BEGIN fails. */
  readonly beginConfig: Knex.TransactionConfig
}

const log = { debug() {}, warn() {}, error() {}, deprecate() {} }

function plainly(t: Owner, config: Knex.Config): Knex {
  const knex = makeKnex({ useNullAsDefault: true, log, ...config })
  t.teardown(() => knex.destroy())
  return knex
}

function guarded(t: Owner, config: Knex.Config, rules: TransactionRules): Knex {
  const knex = plainly(t, config)
  guardTransactions(clientOf(knex), rules)
  return knex
}

/** Two tables: a child row without its parent makes COMMIT fail. */
export async function createTables(knex: Knex): Promise<void> {
  await knex.raw('drop table if exists child')
  await knex.raw('drop table if exists parent')
  await knex.raw('create table parent (id integer primary key, name varchar(20) unique)')
  await knex.raw(
    'create table child (id integer primary key, parent integer' +
      ((knex.client as { dialect: string }).dialect === 'mysql'
        ? ')'
        : ' references parent (id) deferrable initially deferred)'),
  )
}

export function sqliteSubject(driver: SqliteDriver, directory: string): Subject {
  const filename = join(directory, `${driver.replace(':', '-')}.db`)
  return {
    name: driver,
    plain: (t) =>
      plainly(t, {
        client: driver,
        connection: { filename },
        pool: {
          min: 1,
          max: 1,
          afterCreate: foreignKeysOn,
        },
      }),
    guarded: (t) => open(t, { driver, filename }),
    breakCommit: (_, trx) => trx('child').insert({ id: 1, parent: 99 }),
    breakBegin: (knex) => knex.raw('begin'),
    beginConfig: {},
  }
}

function foreignKeysOn(
  connection: { exec(sql: string, done?: () => void): unknown },
  done: () => void,
): void {
  const isSynchronous = 'pragma' in connection
  connection.exec('pragma foreign_keys = on', isSynchronous ? undefined : done)
  if (isSynchronous) done()
}

export function postgresSubject(server: PostgresServer): Subject {
  const config = { client: 'pg', connection: server.url, pool: { min: 0, max: 1 } }
  return {
    name: 'pg',
    plain: (t) => plainly(t, config),
    guarded: (t) => guarded(t, config, postgresTransactions),
    breakCommit: (_, trx) => trx('child').insert({ id: 1, parent: 99 }),
    // In a transaction that has failed every statement fails but its end.
    breakBegin: async (knex) => {
      await knex.raw('begin')
      await knex.raw('nonsense').catch(() => {})
    },
    beginConfig: {},
  }
}

export function mysqlSubject(server: MariadbServer): Subject {
  const config = { client: 'mysql2', connection: server.url, pool: { min: 0, max: 1 } }
  return {
    name: 'mysql2',
    plain: (t) => plainly(t, config),
    guarded: (t) => guarded(t, config, mysqlTransactions),
    // MySQL has no deferred constraints: the connection is lost.
    breakCommit: async (_, trx) => {
      await trx('child').insert({ id: 1, parent: 99 })
      const [[{ id }]] = await trx.raw('select connection_id() as id')
      await kill(server, id)
    },
    // The isolation level of a transaction cannot be set once one is open.
    breakBegin: (knex) => knex.raw('begin'),
    beginConfig: { isolationLevel: 'serializable' },
  }
}

async function kill(server: MariadbServer, id: number): Promise<void> {
  const other = makeKnex({ client: 'mysql2', connection: server.url, pool: { min: 0, max: 1 }, log })
  await other.raw(`kill ${id}`)
  await other.destroy()
}
