import { AsyncLocalStorage } from 'node:async_hooks'
import { existsSync } from 'node:fs'
import type { Knex } from 'knex'
import { problem } from '../../problem/problem.ts'
import type {
  KnexBuilder,
  KnexClient,
  KnexClientClass,
  KnexPool,
  KnexAnswer,
  KnexQuery,
  KnexRunner,
  KnexTransaction,
  RawConnection,
  TransactionConfig,
  TransactionContainer,
} from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'
import type { DriverDescription } from './drivers.ts'
import type { SqliteProfile } from './profile.ts'
import { isRead } from './reads.ts'
import { retryWhileBusy } from './retry.ts'
import { takeTurn } from './turn.ts'

/** What a SQLite client is made of. */
export interface SqliteClientOptions {
  readonly description: DriverDescription
  /** The loaded module. */
  readonly driver: unknown
  readonly profile: SqliteProfile
  readonly isAcquireTimeout: (error: unknown) => boolean
  /** Told of a setting that SQLite did not take. */
  readonly onMismatch: (pragma: string, asked: string | number, got: unknown) => void
}

/** A SQLite client: readers in knex's own pool, and one reserved connection for all that writes. */
export interface SqliteClient extends KnexClient {
  /** The same client, with the writer's pool in place of the readers'. */
  asWriter(): KnexClient
}

/** A transaction around the work that is running now. */
interface Surrounding {
  readonly pool: KnexPool | undefined
  readonly outer: Surrounding | undefined
  open: boolean
}

/**
 * A knex dialect with the connections that SQLite needs: waiting writers hold no reader and no thread, and what could only
 * wait for itself is refused.
 *
 * @param Dialect - knex's own dialect for the driver.
 */
export function sqliteClient(Dialect: KnexClientClass, options: SqliteClientOptions): KnexClientClass {
  const { description, driver, profile } = options
  const { oneConnection } = profile

  return class extends Dialect implements SqliteClient {
    // Without initializers, which would run after the pools were made.
    declare writerPool: KnexPool | undefined
    declare surrounding: AsyncLocalStorage<Surrounding>
    declare openError: unknown
    declare closed: Promise<void> | undefined
    declare readonly isWriter: boolean

    override initializePool(config: Knex.Config): void {
      super.initializePool(config)
      this.surrounding = new AsyncLocalStorage()
      if (!this.pool || oneConnection) {
        this.writerPool = this.pool
        return
      }
      const Pool = this.pool.constructor as new (settings: object) => KnexPool
      this.writerPool = new Pool(this.asWriter().getPoolSettings({ ...config.pool, min: 0, max: 1 }))
    }

    override getPoolSettings(config: Knex.PoolConfig): object {
      const settings = super.getPoolSettings(config)
      // A database in memory is gone with its connection, so nothing may drop that.
      return profile.filename === ':memory:' ? { ...settings, validate: () => true } : settings
    }

    asWriter(): KnexClient {
      return Object.create(this, {
        pool: { value: this.writerPool },
        isWriter: { value: true },
      }) as KnexClient
    }

    override _driver(): unknown {
      return driver
    }

    override async acquireRawConnection(): Promise<RawConnection> {
      try {
        const connection = await openFile(options)
        await this.applyProfile(connection).catch(async (error: unknown) => {
          await this.destroyRawConnection(connection)
          throw error
        })
        this.openError = undefined
        return connection
      } catch (error) {
        this.openError = error
        throw error
      }
    }

    async applyProfile(connection: RawConnection): Promise<void> {
      for (const [name, value] of profile.pragmas) {
        await this._query(connection, { sql: `PRAGMA ${name} = ${value}`, method: 'raw' })
        const got = await this.readPragma(connection, name)
        if (String(got) !== String(value)) options.onMismatch(name, value, got)
      }
      // What was taken for a read, and writes after all, is an error in place of a second writer.
      if (!oneConnection && !this.isWriter) await this._query(connection, { sql: 'PRAGMA query_only = 1' })
    }

    async readPragma(connection: RawConnection, name: string): Promise<unknown> {
      const { response } = await this._query(connection, { sql: `PRAGMA ${name}`, method: 'raw' })
      return Object.values((response as readonly object[])[0] ?? {})[0]
    }

    override async _query(connection: RawConnection, query: KnexQuery): Promise<KnexAnswer> {
      if (!description.synchronous) return super._query(connection, query)
      await takeTurn(connection)
      return retryWhileBusy(profile.waitMs, () => super._query(connection, query))
    }

    override async acquireConnection(): Promise<RawConnection> {
      const { pool } = this
      if (pool?.max === 1 && isAround(pool, this.surrounding.getStore())) throw waitsForItself()
      try {
        return await super.acquireConnection()
      } catch (error) {
        if (!options.isAcquireTimeout(error)) throw error
        if (this.openError) throw this.openError
        throw pool === this.writerPool || this.isWriter ? busy(error) : error
      }
    }

    override runner(builder: KnexBuilder): KnexRunner {
      return super.runner.call(this.transacting || isRead(builder) ? this : this.asWriter(), builder)
    }

    override transaction(
      container: TransactionContainer,
      config: TransactionConfig,
      outer?: unknown,
    ): KnexTransaction {
      if (this.transacting || config.connection) return super.transaction(container, config, outer)
      const client = config.readOnly ? this : this.asWriter()
      const store = this.surrounding
      const surrounding = { pool: client.pool, outer: store.getStore(), open: true }
      const end = (): void => void (surrounding.open = false)
      const work: TransactionContainer = (trx) => store.run(surrounding, () => container(trx))
      const transaction = super.transaction.call(client, work, config, outer)
      transaction.then(end, end)
      return transaction
    }

    override async destroy(callback?: (error?: unknown) => void): Promise<void> {
      this.closed ??= this.close()
      await this.closed
      callback?.()
    }

    async close(): Promise<void> {
      const { pool, writerPool } = this
      if (pool !== writerPool) await pool?.destroy()
      if (!profile.readOnly) await this.checkpoint().catch(() => {})
      this.writerPool = undefined
      this.pool = undefined
      await writerPool?.destroy()
    }

    /** Moves what the log holds into the file, which SQLite itself only does when the last program closes it. */
    async checkpoint(): Promise<void> {
      const { writerPool } = this
      if (!writerPool || writerPool.numUsed() + writerPool.numFree() === 0) return
      const writer = this.asWriter()
      const connection = await writer.acquireConnection()
      try {
        await this._query(connection, { sql: 'PRAGMA optimize', method: 'raw' })
        await this._query(connection, { sql: 'PRAGMA wal_checkpoint(TRUNCATE)', method: 'raw' })
      } finally {
        await writer.releaseConnection(connection)
      }
    }
  }
}

async function openFile({ description, driver, profile }: SqliteClientOptions): Promise<RawConnection> {
  if (profile.mustExist && !existsSync(profile.filename)) {
    throw Object.assign(new Error('unable to open database file'), { code: 'SQLITE_CANTOPEN' })
  }
  return description.open(driver, profile.filename, profile.readOnly)
}

function isAround(pool: KnexPool, surrounding: Surrounding | undefined): boolean {
  if (!surrounding) return false
  return (surrounding.open && surrounding.pool === pool) || isAround(pool, surrounding.outer)
}

function waitsForItself(): ProblemError {
  return new ProblemError(problem('query-outside-transaction', { target: 'The SQLite database' }))
}

function busy(cause: unknown): ProblemError {
  return new ProblemError(problem('sqlite-busy', { target: 'The SQLite database' }), { cause })
}
