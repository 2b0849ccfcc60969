import type { Knex } from 'knex'
import {
  dialectOf,
  likeDialect,
  type KnexClient,
  type KnexClientClass,
  type KnexBuilder,
  type KnexModule,
  type KnexRunner,
  type RawConnection,
} from '../knex-client.ts'
import { streamOnce } from '../stream-once.ts'
import { noteChecks, takeAtRest } from '../take-at-rest.ts'
import { within } from '../time.ts'

/** Where the connections of a client come from, and how they end. */
export interface ConnectionSource {
  /** Makes a connection, to the host of another one where that is given. */
  dial(beside?: RawConnection): Promise<RawConnection>
  /** Whether a connection answered just now, so that it need not be asked. */
  isFresh(connection: RawConnection): boolean
  /** Whether a connection may be handed out again. */
  isAlive(connection: RawConnection): boolean | Promise<boolean>
  /** Ends a connection at once. */
  drop(connection: RawConnection): void
  /** The driver, with the guard of each connection between it and the server. */
  readonly driver: unknown
  /** Called when a client begins to keep connections, and when it has ended them. */
  watch(isOn: boolean): void
}

/** A client that connects as it is told. */
export interface ServerClient extends KnexClient {
  /** Connects as knex does, with these settings. */
  connectWith(settings: Readonly<Record<string, unknown>>): Promise<RawConnection>
}

/** How long a connection may take to say goodbye, in milliseconds. */
const goodbyeMs = 1000

/**
 * A dialect of knex whose connections come from somewhere else. It is a class because a transaction's client inherits from
 * the class alone.
 *
 * @param name - knex's name of the dialect.
 */
export function serverClient(makeKnex: KnexModule, name: string, source: ConnectionSource): KnexClientClass {
  const Dialect = dialectOf(makeKnex, name)

  return likeDialect(
    Dialect,
    name,
    class extends Dialect implements ServerClient {
      override _driver(): unknown {
        return source.driver
      }

      override initializePool(config: Knex.Config = this.config): void {
        super.initializePool(config)
        noteChecks(this.pool, config)
        source.watch(true)
      }

      override async destroy(callback?: (error?: unknown) => void): Promise<void> {
        await super.destroy(callback)
        source.watch(false)
      }

      async connectWith(settings: Readonly<Record<string, unknown>>): Promise<RawConnection> {
        const scoped = Object.create(this, {
          connectionSettings: { value: settings },
          version: { value: this.version, writable: true },
        }) as KnexClient
        const connection = await super.acquireRawConnection.call(scoped)
        if (scoped.version !== undefined) this.version ??= scoped.version
        return connection
      }

      override async acquireConnection(): Promise<RawConnection> {
        return takeAtRest(this, (connection) => this.isReady(connection)) ?? (await super.acquireConnection())
      }

      isReady(connection: RawConnection): boolean {
        return source.isFresh(connection) && super.validateConnection(connection) === true
      }

      override runner(builder: KnexBuilder): KnexRunner {
        return streamOnce(super.runner(builder))
      }

      override async acquireRawConnection(): Promise<RawConnection> {
        return await source.dial()
      }

      /**
       * knex reads PostgreSQL's version in the event of a socket: what it throws for one that it does not understand would belong to
       * nobody.
       */
      override async checkVersion(connection: RawConnection): Promise<string | undefined> {
        if (name === 'mysql2') return await super.checkVersion(connection)
        const { response } = await this._query(connection, { sql: 'select version()' })
        const { rows } = response as { rows: readonly { readonly version?: string }[] }
        try {
          return this._parseVersion(rows[0]?.version ?? '')
        } catch {
          return undefined
        }
      }

      /** One that has rested is asked before it is handed out, so that a restart of the server goes unnoticed. */
      override validateConnection(connection: RawConnection): boolean | Promise<boolean> {
        const isAlive = source.isAlive(connection)
        return isAlive === true ? super.validateConnection(connection) : isAlive
      }

      /** A goodbye that nobody answers ends too. */
      override async destroyRawConnection(connection: RawConnection): Promise<void> {
        await within(goodbyeMs, super.destroyRawConnection(connection)).catch(() => undefined)
        source.drop(connection)
      }

      /** A statement is cancelled on its own host: on another one its process is somebody else's. */
      override async cancelQuery(connection: RawConnection): Promise<unknown> {
        const beside = Object.create(this, {
          acquireRawConnection: { value: () => source.dial(connection) },
        }) as KnexClient
        return await super.cancelQuery.call(beside, connection)
      }
    },
  )
}
