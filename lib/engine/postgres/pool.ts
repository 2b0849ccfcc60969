import type { Pool } from 'pg'
import type { RawConnection } from '../knex-client.ts'
import { startIdleLooks } from '../server/idle-timer.ts'
import type { OpenedPool, PoolKind, PoolParts } from '../server/pool-kind.ts'
import { dialingClient, type PgClient, type PgClientClass } from './dialing-client.ts'
import { guardDriver } from './guard-driver.ts'
import { IdleClients, type PoolOfIdle } from './idle-clients.ts'

interface PooledClient extends PgClient {
  release(isBroken?: boolean): void
}

type Done = (
  error: Error | null | undefined,
  client?: RawConnection,
  release?: PooledClient['release'],
) => void

/** The part of pg's pool that is used. */
interface PgPool extends PoolOfIdle, Pick<Pool, 'idleCount' | 'waitingCount'> {
  on(event: string, listener: () => void): this
  connect(): Promise<RawConnection>
  connect(done: Done): void
  end(): Promise<void>
  end(done: (error?: unknown) => void): void
}

interface PgPoolClass {
  new (settings: object): PgPool
  readonly prototype: PgPool
}

/** pg's own pool. */
export const postgresPool: PoolKind<Pool> = {
  driver: 'pg',
  name: 'PostgreSQL',
  scheme: 'postgres',
  dialects: ['postgres', 'cockroachdb'],
  open(parts) {
    const { Pool: PgPool } = parts.driver as { Pool: PgPoolClass }
    const { Client } = guardDriver(parts.driver) as { Client: PgClientClass }
    const pool = new (gatedPool(PgPool, parts))()
    const { connect, end } = PgPool.prototype
    const idle = new IdleClients(pool, parts.sizes)
    let idleTimer: NodeJS.Timeout | undefined
    return {
      face: pool as unknown as Pool,
      get used() {
        return pool.totalCount - pool.idleCount - parts.gate.dialing
      },
      servesAtOnce: () => pool.idleCount > pool.waitingCount,
      hasRoom: () => pool.waitingCount === 0 && (pool.idleCount > 0 || pool.totalCount < parts.sizes.max),
      take(served) {
        // Not before: a timer would keep a pool that nobody uses in memory.
        idleTimer ??= startIdleLooks(() => idle.look())
        connect.call(pool, served)
      },
      giveBack: (client) => (client as PooledClient).release(),
      discard: (client) => (client as PooledClient).release(true),
      connect: (settings) => connectBeside(new Client(settings)),
      end: async () => {
        clearInterval(idleTimer)
        await new Promise<void>((resolve) => end.call(pool, () => resolve()))
      },
    } satisfies OpenedPool<Pool>
  },
}

/** A pool whose connections are handed out by a gate. */
function gatedPool(PgPool: PgPoolClass, { driver, gate, sizes, end }: PoolParts): new () => PgPool {
  const settings = {
    Client: suppliedClient(dialingClient(driver, gate)),
    isSupplied: true,
    min: sizes.min,
    max: sizes.max,
    // It would set a timer with each query: who rests too long is found by `IdleClients`.
    idleTimeoutMillis: 0,
    // The bound is the gate's.
    connectionTimeoutMillis: 0,
  }
  return class extends PgPool {
    // Drizzle knows a pool of another copy of pg by it, and runs a transaction on any of the connections otherwise.
    static override readonly name = PgPool.name

    constructor() {
      super(settings)
      // A client that dies at rest is told here, and without a listener would end the process.
      this.on('error', () => undefined)
    }

    override connect(): Promise<RawConnection>
    override connect(done: Done): void
    override connect(done?: Done): Promise<RawConnection> | void {
      if (done) return gate.take(done)
      return new Promise((resolve, reject) => {
        gate.take((error, client) => (client ? resolve(client) : reject(error)))
      })
    }

    override end(): Promise<void>
    override end(done: (error?: unknown) => void): void
    override end(done?: (error?: unknown) => void): Promise<void> | void {
      if (!done) return end()
      void end().finally(() => process.nextTick(done))
    }
  }
}

/** A library that does not know the pool, because it has another copy of pg, makes one of its own with the parts of this one. */
function suppliedClient(Client: PgClientClass): PgClientClass {
  return class extends Client {
    static override readonly name = Client.name

    constructor(settings: { readonly isSupplied?: boolean }) {
      if (!settings.isSupplied) throw new TypeError(takenForOptions)
      super(settings)
    }
  }
}

const takenForOptions =
  'The pool of openPool() was taken for options, as a library does that has another copy of pg. Hand that copy over: openPool({ drivers: { pg } })'

async function connectBeside(client: PgClient): Promise<RawConnection> {
  client.on('error', () => undefined)
  await client.connect()
  return client
}
