import type { EventEmitter } from 'node:events'
import type { Knex } from 'knex'

// All that is used of knex beyond its documentation: knex has no public hook for how a transaction begins and commits, or
// for which connection a query gets. Checked against knex 3.3; another minor version needs the tests of transactions and of
// the SQLite engine to pass first.

/** A connection as the driver made it, with knex's marks on it. */
export interface RawConnection {
  /** Set: the pool drops the connection in place of handing it out again. */
  __knex__disposed?: unknown
}

/** What a query is to knex: made by a builder, filled with the response by the driver. */
export interface KnexQuery {
  readonly sql: string
  readonly bindings?: readonly unknown[]
  readonly method?: string
  readonly returning?: unknown
  response?: unknown
  context?: { lastID: unknown; changes: unknown }
}

/** A pool of connections (tarn). */
export interface KnexPool {
  readonly max: number
  acquire(): { readonly promise: Promise<RawConnection> }
  release(connection: RawConnection): boolean
  destroy(): Promise<unknown>
  numUsed(): number
  numFree(): number
}

/** A query, schema or raw builder. */
export interface KnexBuilder {
  readonly _method?: string
  readonly sql?: unknown
  readonly _sequence?: readonly { readonly method: string }[]
}

/** What runs a builder: on the connection that `client` gives. */
export type KnexRunner = object

/** The work of a transaction. */
export type TransactionContainer = (trx: Knex.Transaction) => unknown

/** How a transaction is asked for. */
export interface TransactionConfig {
  readonly connection?: RawConnection
  readonly readOnly?: boolean
}

/** The engine of a transaction, behind what the caller holds. */
export interface KnexTransaction extends EventEmitter, PromiseLike<unknown> {
  readonly client: KnexClient
  /** Set when it has a connection. */
  readonly trxClient: KnexClient
  readonly txid: string
  readonly readOnly?: boolean
  readonly doNotRejectOnRollback: boolean
  _completed: boolean
  readonly _resolver: (value?: unknown) => void
  readonly _rejecter: (error: unknown) => void
  begin(connection: RawConnection): Promise<unknown>
  savepoint(connection: RawConnection): Promise<unknown>
  commit(connection: RawConnection, value?: unknown): Promise<unknown>
  release(connection: RawConnection, value?: unknown): Promise<unknown>
  rollback(connection: RawConnection, error?: unknown): Promise<unknown>
  rollbackTo(connection: RawConnection, error?: unknown): Promise<unknown>
  query(connection: RawConnection, sql: string): Promise<unknown>
}

/** What is behind a knex: the dialect and the pool. */
export interface KnexClient extends EventEmitter {
  /** The version of the server, once one has answered. */
  version?: string
  readonly driver: unknown
  readonly connectionSettings: object
  pool: KnexPool | undefined
  /** Set on the client of a transaction, which has one connection and no pool. */
  readonly transacting?: boolean
  _driver(): unknown
  _query(connection: RawConnection, query: KnexQuery): Promise<KnexQuery>
  _formatBindings(bindings: readonly unknown[] | undefined): unknown[]
  query(connection: RawConnection, query: KnexQuery | string): Promise<KnexQuery>
  runner(builder: KnexBuilder): KnexRunner
  transaction(container: TransactionContainer, config: TransactionConfig, outer?: unknown): KnexTransaction
  initializePool(config: Knex.Config): void
  getPoolSettings(config: Knex.PoolConfig): object
  acquireRawConnection(): Promise<RawConnection>
  destroyRawConnection(connection: RawConnection): Promise<unknown>
  acquireConnection(): Promise<RawConnection>
  releaseConnection(connection: RawConnection): Promise<void>
  destroy(callback?: (error?: unknown) => void): Promise<void>
}

/** A dialect. */
export type KnexClientClass = new (config: Knex.Config) => KnexClient

/** The client behind a knex. */
export function clientOf(knex: Knex): KnexClient {
  return knex.client as KnexClient
}
