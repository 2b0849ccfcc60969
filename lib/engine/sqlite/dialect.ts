import type { Knex } from 'knex'
import { problem } from '../../problem/problem.ts'
import type { DriverError } from '../guard-transactions.ts'
import {
  likeDialect,
  type KnexBuilder,
  type KnexClient,
  type KnexClientClass,
  type KnexPool,
  type KnexAnswer,
  type KnexQuery,
  type KnexRunner,
  type KnexTimeoutClass,
  type KnexTransaction,
  type RawConnection,
  type TransactionConfig,
  type TransactionContainer,
} from '../knex-client.ts'
import { asKnexTimeout } from '../knex-timeout.ts'
import { ProblemError } from '../problem-error.ts'
import { streamOnce } from '../stream-once.ts'
import { noteChecks, takeAtRest } from '../take-at-rest.ts'
import { settleBy } from '../time.ts'
import { connect, prepare, type ConnectOptions, type FileState } from './connect.ts'
import { Connections } from './connections.ts'
import { isRead } from './reads.ts'
import { retryWhileBusy } from './retry.ts'
import type { SqliteClient } from './sqlite-client.ts'
import { followSuccessor, followSuccessorWith } from './successor.ts'
import { TransactionScopes } from './transaction-scopes.ts'
import { noteEnded } from './transactions.ts'
import { takeTurn } from './turn.ts'
import { eventOf, type WriterListener } from './writer-events.ts'

/** What a SQLite client is made of. */
export interface SqliteClientOptions extends ConnectOptions {
  readonly KnexTimeoutError: KnexTimeoutClass
}

/**
 * A knex dialect with the connections that SQLite needs: waiting writers hold no reader and no thread, and what could only
 * wait for itself is refused.
 *
 * @param Plain - knex's own dialect for the driver.
 */
export function sqliteClient(Plain: KnexClientClass, options: SqliteClientOptions): KnexClientClass {
  const { description, driver, profile, KnexTimeoutError } = options
  const { oneConnection } = profile
  const Dialect = description.adapt?.(Plain) ?? Plain
  // Not of one client: that of a transaction is made of the class, and its connection may be ended too.
  const connections = new Connections()
  const guards: RawConnection[] = []
  // One for each client, and not one for each query: V8 is slow with an object that has just become another one's prototype.
  const readers = new WeakMap<KnexClient, KnexClient>()
  let writerListener: WriterListener | undefined
  let refusal: (() => Error) | undefined
  let refusesWaiting = false
  // What only the writer knows of: a temporary table, an attached file.
  let onlyWriterKnows = false
  let writerPool: KnexPool | undefined

  const Client = class extends Dialect implements SqliteClient {
    // Without initializers, which would run after the pools were made.
    declare readerPool: KnexPool | undefined
    declare scopes: TransactionScopes
    declare file: FileState
    declare closed: Promise<void> | undefined
    declare readonly isReader: boolean

    override initializePool(config: Knex.Config = this.config): void {
      const { pool } = config
      const isOpen = Boolean(this.pool)
      super.initializePool({ ...config, pool: { ...pool, min: Number(oneConnection), max: 1 } })
      // It goes on as it is: knex only warns.
      if (isOpen) return
      this.scopes = new TransactionScopes()
      this.file = { wasOpened: false, error: undefined }
      this.closed = undefined
      options.watch.begin()
      refusal = undefined
      refusesWaiting = false
      onlyWriterKnows = false
      writerPool = this.pool
      noteChecks(this.pool, config)
      this.readerPool = this.pool
      if (!this.pool || oneConnection) return
      const Pool = this.pool.constructor as new (settings: object) => KnexPool
      this.readerPool = new Pool(this.asReader().getPoolSettings({ ...pool }))
      noteChecks(this.readerPool, config)
    }

    override getPoolSettings(config: Knex.PoolConfig): object {
      const settings = super.getPoolSettings(config)
      // A database in memory is gone with its connection, so nothing may drop that.
      return profile.filename === ':memory:' ? { ...settings, validate: () => true } : settings
    }

    get oneConnection(): boolean {
      return oneConnection
    }

    async openGuard(): Promise<RawConnection> {
      const guard = await this.asReader().acquireRawConnection()
      guards.push(guard)
      return guard
    }

    watchWriter(listener: WriterListener | undefined): void {
      writerListener = listener
    }

    retire(refuse: () => Error): void {
      refusal = refuse
    }

    async refuseWrites(refuse: () => Error): Promise<void> {
      this.retire(refuse)
      refusesWaiting = true
      await connections.whenFree(Infinity, () => (writerPool?.numUsed() ?? 0) > 0)
    }

    asReader(): KnexClient {
      if (oneConnection) return this
      let reader = readers.get(this)
      if (!reader) {
        reader = Object.create(this, {
          pool: { get: () => this.readerPool },
          isReader: { value: true },
        }) as KnexClient
        readers.set(this, reader)
      }
      return reader
    }

    override _driver(): unknown {
      return driver
    }

    override async acquireRawConnection(): Promise<RawConnection> {
      return connect(options, this.file, this.isReader, {
        run: (connection, sql) => this._query(connection, { sql, method: 'raw' }),
        close: (connection) => this.destroyRawConnection(connection),
      })
    }

    override async _query(connection: RawConnection, query: KnexQuery): Promise<KnexAnswer> {
      const event = writerListener && eventOf(query)
      if (event === 'begin') await writerListener?.(connection, event)
      let answer: KnexAnswer
      try {
        answer = await this.run(connection, query)
      } catch (error) {
        if (this.transacting) await this.noteEnd(connection, error as DriverError)
        throw error
      }
      if (!this.isReader) options.watch.follow(connection, query.sql)
      if (event && event !== 'begin') await writerListener?.(connection, event)
      if (!onlyWriterKnows && makesOwn(query)) this.keepWriter()
      return answer
    }

    /** A constraint may roll the whole transaction back (`ON CONFLICT ROLLBACK`, `RAISE(ROLLBACK)`), and its error does not say so. */
    async noteEnd(connection: RawConnection, error: DriverError): Promise<void> {
      if (!String(error.code).startsWith('SQLITE_CONSTRAINT')) return
      const isOpen = await this.run(connection, { sql: 'BEGIN', method: 'raw' }).then(
        () => false,
        () => true,
      )
      if (isOpen) return
      noteEnded(error)
      await this._query(connection, { sql: 'ROLLBACK', method: 'raw' }).catch(() => {})
    }

    /** What the writer alone knows of is gone with its connection. */
    keepWriter(): void {
      onlyWriterKnows = true
      if (writerPool) writerPool.min = 1
    }

    async run(connection: RawConnection, query: KnexQuery): Promise<KnexAnswer> {
      if (connections.isEnded(connection)) throw closed()
      if (!profile.asksAgain) return super._query(connection, query)
      const turn = description.synchronous && takeTurn(connection)
      if (turn) await turn
      let isRepeated = false
      return retryWhileBusy(profile.waitMs, () => {
        if (connections.isEnded(connection)) throw closed()
        // Only what writes waits for a lock.
        if (isRepeated && refusesWaiting && refusal) throw refusal()
        isRepeated = true
        return super._query(connection, query)
      })
    }

    override async acquireConnection(): Promise<RawConnection> {
      const { pool } = this
      if (pool?.max === 1 && this.scopes.isAround(pool))
        throw asKnexTimeout(waitsForItself(), KnexTimeoutError)
      // Here, since the pool would try again what is refused.
      if (!options.preparation.isDone) await prepare(options)
      if (this.isReader) options.watch.expectKeptLately()
      else options.watch.expectKept()
      try {
        const connection = takeAtRest(this, isReady) ?? (await super.acquireConnection())
        connections.take(connection)
        if (!refusal || this.isReader) return connection
        await this.releaseConnection(connection)
        throw refusal()
      } catch (error) {
        if (!(error instanceof KnexTimeoutError)) throw error
        if (this.file.error) throw this.file.error
        throw this.isReader ? error : asKnexTimeout(busy(error), KnexTimeoutError)
      }
    }

    override async releaseConnection(connection: RawConnection): Promise<void> {
      if (connections.isEnded(connection)) return
      if (writerListener && !this.isReader && !connection.__knex__disposed)
        await writerListener(connection, 'release')
      await super.releaseConnection(connection)
      connections.giveBack(connection)
    }

    override runner(builder: KnexBuilder): KnexRunner {
      if (this.transacting) return streamOnce(super.runner(builder))
      const isReader = !onlyWriterKnows && isRead(builder)
      return followSuccessor(streamOnce(super.runner.call(isReader ? this.asReader() : this, builder)))
    }

    override transaction(
      container: TransactionContainer,
      config?: TransactionConfig,
      outer?: unknown,
    ): KnexTransaction {
      if (this.transacting || config?.connection) return super.transaction(container, config, outer)
      const client = config?.readOnly && !onlyWriterKnows ? this.asReader() : this
      return this.scopes.around(client.pool, container, (work) =>
        followSuccessorWith(super.transaction.call(client, work, config, outer)),
      )
    }

    override async destroy(callback?: (error?: unknown) => void): Promise<void> {
      await this.closeWithin(Infinity)
      callback?.()
    }

    isBusy(): boolean {
      return [this.pool, this.readerPool].some(
        (pool) => pool !== undefined && pool.numUsed() + pool.numPendingAcquires() > 0,
      )
    }

    async closeWithin(timeoutMs: number): Promise<void> {
      this.closed ??= this.close(timeoutMs)
      await this.closed
    }

    async close(timeoutMs: number): Promise<void> {
      const { pool, readerPool } = this
      const isFree = await connections.whenFree(timeoutMs, () => this.isBusy())
      writerListener = undefined
      if (!isFree) refusal ??= closed
      if (!isFree) await Promise.all(connections.used.map((connection) => this.end(connection)))
      await Promise.all(guards.splice(0).map((guard) => this.destroyRawConnection(guard)))
      if (readerPool !== pool) await readerPool?.destroy()
      if (isFree && profile.checkpoints) await this.checkpoint().catch(() => {})
      this.readerPool = undefined
      this.pool = undefined
      await pool?.destroy()
    }

    /** Ends what runs on a connection, rolls it back, and lets the pools drop it. */
    async end(connection: RawConnection): Promise<void> {
      connections.end(connection)
      description.interrupt?.(connection)
      const rollback = super._query(connection, { sql: 'ROLLBACK', method: 'raw' })
      // Fails where no transaction is open.
      await settleBy(rollback, rollbackTimeoutMs)
      connection.__knex__disposed = closed()
      for (const pool of [this.pool, this.readerPool]) pool?.release(connection)
    }

    /** Moves what the log holds into the file, which SQLite itself only does when the last program closes it. */
    async checkpoint(): Promise<void> {
      const { pool } = this
      if (!pool || pool.numUsed() + pool.numFree() === 0) return
      // Past every guard: this is the last that is done.
      const connection = await super.acquireConnection()
      try {
        await this._query(connection, { sql: 'PRAGMA optimize', method: 'raw' })
        await this._query(connection, { sql: 'PRAGMA wal_checkpoint(TRUNCATE)', method: 'raw' })
      } finally {
        await this.releaseConnection(connection)
      }
    }
  }
  return likeDialect(Plain, description.knexClient, Client)
}

/** How long a rollback may take before its connection is closed without it, which rolls back too, in milliseconds. */
const rollbackTimeoutMs = 50

/** A connection to a file does not go away by itself. */
const isReady = (): boolean => true

/** ATTACH, and CREATE with TEMP or in the schema `temp`, also behind comments. */
const ownThings =
  /^\s*(?:(?:--[^\n]*\n|\/\*(?:[^*]|\*(?!\/))*\*\/)\s*)*(?:attach\b|create\s+(?:temp|(?:(?:unique|virtual|table|view|index|trigger|if|not|exists)\b\s*)+\W?temp\W?\s*\.))/i

/** Whether a statement makes something that its own connection alone knows of. */
function makesOwn({ sql }: KnexQuery): boolean {
  return ownThings.test(sql)
}

function closed(): ProblemError {
  return new ProblemError(problem('closed', { target: 'The SQLite database' }))
}

function waitsForItself(): ProblemError {
  return new ProblemError(problem('query-outside-transaction', { target: 'The SQLite database' }))
}

function busy(cause: unknown): ProblemError {
  return new ProblemError(problem('sqlite-busy', { target: 'The SQLite database' }), { cause })
}
