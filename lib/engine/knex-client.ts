import type { EventEmitter } from 'node:events'
import type { Knex, knex as makeKnex } from 'knex'

// What the library uses of knex beyond its documented API, all in this one place: knex has no public hook for how a transaction
// begins and commits, or for which connection a query gets. It was read in knex 3.3 and tarn 3.1; before another minor
// version of either is allowed, the tests of transactions and of the SQLite engine must pass on it.

/** The package. */
export type KnexModule = typeof makeKnex & { readonly KnexTimeoutError: KnexTimeoutClass }

/** The error of a wait that is over, by which programs know it. */
export type KnexTimeoutClass = new (message?: string) => Error

/** What is behind a knex: the dialect and the pool. */
export interface KnexClient extends EventEmitter {
  version?: string
  readonly driverName: string
  readonly config: Record<string, unknown>
  readonly connectionSettings: Record<string, unknown>
  pool?: KnexPool | undefined
  /** Set on the client of a transaction, which has one connection and no pool. */
  readonly transacting?: boolean
  acquireConnection(): Promise<RawConnection>
  releaseConnection(connection: RawConnection): Promise<void>
  acquireRawConnection(): Promise<RawConnection>
  destroyRawConnection(connection: RawConnection): Promise<void>
  validateConnection(connection: RawConnection): boolean | Promise<boolean>
  cancelQuery(connection: RawConnection): Promise<unknown>
  initializePool(config?: Knex.Config): void
  getPoolSettings(config: Knex.PoolConfig): object
  destroy(callback?: (error?: unknown) => void): Promise<void>
  runner(builder: KnexBuilder): KnexRunner
  transaction(container: TransactionContainer, config?: TransactionConfig, outer?: unknown): KnexTransaction
  query(connection: RawConnection, query: KnexQuery | string): Promise<KnexAnswer>
  _query(connection: RawConnection, query: KnexQuery): Promise<KnexAnswer>
  _formatBindings(bindings: readonly unknown[] | undefined): unknown[]
  _driver(): unknown
  checkVersion(connection: RawConnection): Promise<string | undefined>
  /** A text for PostgreSQL and its kin. */
  _parseVersion(text: string): string
}

/** A dialect of knex. */
export type KnexClientClass = new (config: Knex.Config) => KnexClient

/** A connection as the driver made it, with knex's mark on it. */
export interface RawConnection {
  /** Set: the pool drops the connection in place of handing it out again. */
  __knex__disposed?: unknown
}

/** A statement on its way to a driver. */
export interface KnexQuery {
  readonly sql: string
  readonly bindings?: readonly unknown[] | undefined
  readonly method?: string
  readonly returning?: unknown
  readonly options?:
    | {
        readonly safeIntegers?: boolean
        /** Of a statement whose rows may come as arrays; knex has no option that means the same on each driver. */
        readonly failsoftArrays?: boolean
      }
    | undefined
}

/** The same object, with what the driver answered. */
export interface KnexAnswer extends KnexQuery {
  response: unknown
  context?: { readonly lastID: unknown; readonly changes: unknown }
}

/** A connection of a pool. */
interface PoolPlace {
  readonly resource: RawConnection
}

/** The part of tarn's pool that is used. */
export interface KnexPool {
  /** Those at rest; the last one is the next that is handed out. */
  readonly free: PoolPlace[]
  readonly used: PoolPlace[]
  readonly destroyed: boolean
  /** What those who listen to it are told through. */
  readonly emitter: EventEmitter
  /** So many are kept, however long they rest. */
  min: number
  readonly max: number
  numUsed(): number
  numFree(): number
  numPendingAcquires(): number
  numPendingCreates(): number
  numPendingValidations(): number
  _startReaping(): void
  release(connection: RawConnection): boolean
  destroy(): Promise<unknown>
}

/** A query builder, a schema builder, or raw SQL. */
export interface KnexBuilder {
  client: KnexClient
  readonly _method?: string
  readonly _sequence?: readonly { readonly method: string }[]
  readonly sql?: unknown
  readonly bindings?: unknown
  readonly _statements?: readonly object[]
}

/** What runs a builder, on the connection that its client gives. */
export interface KnexRunner {
  client: KnexClient
  readonly builder: KnexBuilder
  /** Set once it has one. */
  readonly connection: RawConnection | undefined
  /** Takes a connection, and does the work on it. */
  ensureConnection(work: unknown, params: unknown): Promise<unknown>
  /** A stream of rows, or a promise where a function takes the stream. */
  stream(...options: unknown[]): unknown
}

/** The work of a transaction. */
export type TransactionContainer = (trx: Knex.Transaction) => unknown

/** How a transaction is asked for. */
export interface TransactionConfig {
  readonly connection?: RawConnection
  readonly readOnly?: boolean
}

/** What stands behind a `Knex.Transaction`. */
export interface KnexTransaction extends PromiseLike<unknown> {
  readonly client: KnexClient
  /** Set once it has a connection. */
  readonly trxClient: KnexClient
  readonly txid: string
  readonly readOnly?: boolean
  readonly doNotRejectOnRollback: boolean
  _completed: boolean
  readonly _resolver: (value?: unknown) => void
  readonly _rejecter: (error: unknown) => void
  /** Takes a connection, begins, and does its work. */
  _evaluateContainer(config: TransactionConfig, container: TransactionContainer): Promise<unknown>
  begin(connection: RawConnection): Promise<unknown>
  savepoint(connection: RawConnection): Promise<unknown>
  commit(connection: RawConnection, value?: unknown): Promise<unknown>
  release(connection: RawConnection, value?: unknown): Promise<unknown>
  rollback(connection: RawConnection, error?: unknown): Promise<unknown>
  rollbackTo(connection: RawConnection, error?: unknown): Promise<unknown>
  on(event: 'query-error', listener: (error: unknown) => void): unknown
}

/** A dialect's class by its name: a knex without a connection loads no driver and makes no pool. */
export function dialectOf(knex: KnexModule, name: string): KnexClientClass {
  return clientOf(knex({ client: name, useNullAsDefault: true })).constructor as KnexClientClass
}

/** Gives a client the names that those ask for who want to know which database it is. */
export function likeDialect(
  Dialect: KnexClientClass,
  name: string,
  Client: KnexClientClass,
): KnexClientClass {
  const Named = class extends Client {
    constructor(config: Knex.Config) {
      super({ ...config, client: name })
    }
  }
  return Object.defineProperty(Named, 'name', { value: Dialect.name })
}

/**
 * A client for a config of which several knexes may be made: each gets its own.
 *
 * @param make - makes a client, from what the program added to the config.
 */
export function clientForEach(
  Dialect: KnexClientClass,
  make: (config: Knex.Config) => KnexClient,
): typeof Knex.Client {
  const construct = (_class: KnexClientClass, [config]: unknown[]): KnexClient => make(config as Knex.Config)
  return new Proxy(Dialect, { construct }) as unknown as typeof Knex.Client
}

/** The client behind a knex. */
export function clientOf(knex: Knex): KnexClient {
  return knex.client as KnexClient
}
