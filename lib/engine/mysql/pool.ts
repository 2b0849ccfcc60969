import type { EventEmitter } from 'node:events'
import type { Pool } from 'mysql2/promise'
import type { RawConnection } from '../knex-client.ts'
import type { Served } from '../server/driver-pool.ts'
import { startIdleLooks } from '../server/idle-timer.ts'
import type { OpenedPool, PoolKind, PoolParts } from '../server/pool-kind.ts'
import { guardDriver } from './guard-driver.ts'
import { connected, pooledConnections, type MysqlConnection } from './pooled-connections.ts'

// What is used of mysql2 beyond its documented API: the lists of a pool. It was read in mysql2 3.22 to 3.24; the tests of the pools must
// pass on another one.

interface List {
  readonly length: number
  get(index: number): MysqlConnection | undefined
  push(connection: MysqlConnection): void
}

/** The part of mysql2's pool that is used. */
interface MysqlPool extends EventEmitter {
  readonly config: { readonly connectionConfig: object }
  readonly _allConnections: List
  readonly _freeConnections: List
  getConnection(done: Served): void
  releaseConnection(connection: MysqlConnection): void
  end(done?: (error?: unknown) => void): void
  promise(): Pool
}

interface Mysql2 {
  readonly Pool: { new (options: { config: object }): MysqlPool; readonly prototype: MysqlPool }
  readonly PoolConnection: new (pool: object, options: { config: object }) => MysqlConnection
  createPool(settings: object): MysqlPool
  createConnection(settings: object): MysqlConnection
}

/** mysql2's own pool. */
export const mysqlPool: PoolKind<Pool> = {
  driver: 'mysql2',
  name: 'MySQL',
  scheme: 'mysql',
  dialects: ['mysql'],
  open: (parts) => new SupervisedPool(parts),
}

/** Does for mysql2's pool what it does itself, but for how connections are made: its own are made by their constructor. */
class SupervisedPool implements OpenedPool<Pool> {
  readonly face: Pool
  readonly #parts: PoolParts
  readonly #mysql2: Mysql2
  readonly #guarded: Mysql2
  readonly #pool: MysqlPool
  readonly #makePooled: (settings: object) => Promise<MysqlConnection>
  readonly #asking: Served[] = []
  #idleTimer: NodeJS.Timeout | undefined
  #dialing = 0
  #whenFree: (() => void) | undefined

  constructor(parts: PoolParts) {
    this.#parts = parts
    this.#mysql2 = parts.driver as Mysql2
    this.#guarded = guardDriver(parts.driver) as Mysql2
    this.#pool = new (gatedPool(this.#mysql2, parts, () => this.#serve()))()
    this.#makePooled = pooledConnections(this.#mysql2, this.#pool, (error) => parts.gate.noteTrouble(error))
    this.face = this.#pool.promise()
  }

  get used(): number {
    return this.#pool._allConnections.length - this.#pool._freeConnections.length
  }

  servesAtOnce(): boolean {
    return this.#pool._freeConnections.length > 0 && this.#asking.length === 0
  }

  hasRoom(): boolean {
    return this.#asking.length === 0 && this.#canServe()
  }

  take(served: Served): void {
    if (this.servesAtOnce()) return this.#serveFree(served)
    this.#asking.push(served)
    if (!this.#canServe()) this.#pool.emit('enqueue')
    this.#serve()
  }

  giveBack(connection: RawConnection): void {
    ;(connection as MysqlConnection).release()
  }

  discard(connection: RawConnection): void {
    ;(connection as MysqlConnection).destroy()
  }

  async connect(settings: Readonly<Record<string, unknown>>): Promise<RawConnection> {
    return await connected(this.#guarded.createConnection(settings))
  }

  async end(): Promise<void> {
    clearInterval(this.#idleTimer)
    if (this.used + this.#dialing > 0) await new Promise<void>((resolve) => (this.#whenFree = resolve))
    const { end } = this.#mysql2.Pool.prototype
    await new Promise<void>((resolve) => end.call(this.#pool, () => resolve()))
  }

  #canServe(): boolean {
    const { _allConnections: all, _freeConnections: free } = this.#pool
    return free.length > 0 || all.length + this.#dialing < this.#parts.sizes.max
  }

  #serve(): void {
    while (this.#asking.length > 0 && this.#canServe()) {
      const served = this.#asking.shift() as Served
      if (this.#pool._freeConnections.length > 0) this.#serveFree(served)
      else void this.#serveNew(served)
    }
    if (this.#whenFree && this.used + this.#dialing === 0) this.#whenFree()
  }

  #serveFree(served: Served): void {
    this.#mysql2.Pool.prototype.getConnection.call(this.#pool, served)
  }

  async #serveNew(served: Served): Promise<void> {
    // Not before: a timer would keep a pool that nobody uses in memory.
    this.#idleTimer ??= startIdleLooks(() => this.#endIdle())
    this.#dialing++
    const dialed = await this.#parts.gate.dial(this.#makePooled).then(
      (connection) => connection as MysqlConnection,
      (error: Error) => error,
    )
    this.#dialing--
    if (dialed instanceof Error) {
      served(dialed)
      return this.#serve()
    }
    this.#pool._allConnections.push(dialed)
    this.#pool.emit('connection', dialed)
    this.#pool.emit('acquire', dialed)
    served(null, dialed)
  }

  /** Ends those that rested too long, but for the least that are to be kept. */
  #endIdle(): void {
    const { min, idleTimeoutMillis } = this.#parts.sizes
    const { _allConnections: all, _freeConnections: free } = this.#pool
    for (let oldest = free.get(0); oldest && all.length > min; oldest = free.get(0)) {
      if (Date.now() - oldest.lastActiveTime < idleTimeoutMillis) return
      oldest.destroy()
    }
  }
}

/** A pool whose connections are handed out by a gate. */
function gatedPool(
  { Pool: MysqlPool, createPool }: Mysql2,
  { gate, sizes, driverSettings, end }: PoolParts,
  onRelease: () => void,
): new () => MysqlPool {
  const { config } = createPool({ ...driverSettings, connectionLimit: sizes.max })
  return class extends MysqlPool {
    static override readonly name = MysqlPool.name

    constructor() {
      super({ config })
    }

    override getConnection(done: Served): void {
      gate.take(done)
    }

    override releaseConnection(connection: MysqlConnection): void {
      super.releaseConnection(connection)
      onRelease()
    }

    override end(done: (error?: unknown) => void = () => undefined): void {
      void end().finally(() => process.nextTick(done))
    }
  }
}
