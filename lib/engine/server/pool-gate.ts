import type { RawConnection } from '../knex-client.ts'
import { WaitTimeout } from '../time.ts'
import type { DriverPool, Served } from './driver-pool.ts'
import { PoolQueue } from './pool-queue.ts'
import type { Connect } from './host-dialer.ts'

/** What makes the connections of a pool, and knows how they are. */
export interface PoolSource {
  dial(connect: Connect): Promise<RawConnection>
  /** Whether a connection may be handed out again. */
  isAlive(connection: RawConnection): boolean | Promise<boolean>
  /** Learns that no connection came, and names why. */
  nameFailure(error: unknown): Error
  /** Learns that a statement or a connection failed. */
  noteTrouble(error: unknown): void
}

/** A database that is not there yet. */
export interface Hold {
  /** Resolves once it is there, and rejects with the reason why it is not. */
  wait(): Promise<void>
  /** Why it is not, as things stand now. */
  refusal(): Error
}

interface Asker {
  readonly served: Served
  /** Whether nobody waits any more: what comes goes back. */
  isOver(): boolean
}

/** Stands between a program and a driver's own pool: nobody waits without a bound, and no dead connection is handed out. */
export class PoolGate {
  readonly #queue: PoolQueue
  #pool: DriverPool | undefined
  #source: PoolSource | undefined
  #hold: Hold | undefined
  #refusal: (() => Error) | undefined
  readonly #timeoutMs: number
  /** How many are asked whether they are alive: they are with nobody yet. */
  validating = 0

  constructor(timeoutMs: number, hold: Hold) {
    this.#timeoutMs = timeoutMs
    this.#queue = new PoolQueue(timeoutMs)
    this.#hold = hold
  }

  /** Begins to stand before a pool. */
  guard(pool: DriverPool): void {
    this.#pool = pool
  }

  get pool(): DriverPool {
    return this.#pool as DriverPool
  }

  /** Has the connections come from somewhere. */
  set source(source: PoolSource) {
    this.#source = source
  }

  /** Makes a connection for the pool. */
  async dial(connect: Connect): Promise<RawConnection> {
    return await this.#known().dial(connect)
  }

  /** Tells of a statement or a connection that failed. */
  noteTrouble(error: unknown): void {
    this.#source?.noteTrouble(error)
  }

  /** The database is there. */
  lift(): void {
    this.#hold = undefined
  }

  /** Refuses everybody who comes or waits, with this error; `undefined` refuses nobody. */
  refuse(refusal: (() => Error) | undefined): void {
    this.#refusal = refusal
    if (refusal) for (const waiting of this.#queue.all) waiting.giveUp()
  }

  /** A connection for the program. */
  take(served: Served): void {
    const finish: Served = (error, connection) => {
      this.#queue.delete(waiting)
      served(error, connection)
    }
    const waiting = this.#queue.add(() => finish(this.#tooLate()))
    const asker = { served: finish, isOver: () => !this.#queue.has(waiting) }
    if (this.#refusal) process.nextTick(() => this.#ask(asker))
    else if (this.#hold) void this.#askOnce(this.#hold, asker)
    else this.#ask(asker)
  }

  /** A connection for the watch, while everybody else is refused. */
  async takeBeside(): Promise<RawConnection> {
    return await new Promise((resolve, reject) => {
      const served: Served = (error, connection) =>
        error ? reject(error) : resolve(connection as RawConnection)
      this.#serve({ served, isOver: () => false })
    })
  }

  /** Waits for a database that is not there yet. */
  async #askOnce(hold: Hold, asker: Asker): Promise<void> {
    const refusal = await hold.wait().then(
      () => undefined,
      (error: Error) => error,
    )
    process.nextTick(() => (refusal && !asker.isOver() ? asker.served(refusal) : this.#ask(asker)))
  }

  #ask(asker: Asker): void {
    if (asker.isOver()) return
    if (this.#refusal) asker.served(this.#refusal())
    else this.#serve(asker)
  }

  #serve(asker: Asker): void {
    this.pool.take((error, connection) => {
      if (connection) this.#check(asker, connection)
      else if (!asker.isOver()) asker.served(this.#known().nameFailure(error))
    })
  }

  #check(asker: Asker, connection: RawConnection): void {
    if (asker.isOver()) return this.pool.giveBack(connection)
    const isAlive = this.#known().isAlive(connection)
    if (isAlive === true) return asker.served(undefined, connection)
    if (isAlive === false) return this.#another(asker, connection)
    this.validating++
    void this.#checkLater(asker, connection, isAlive)
  }

  async #checkLater(asker: Asker, connection: RawConnection, isAlive: Promise<boolean>): Promise<void> {
    const isStill = await isAlive
    this.validating--
    if (!isStill) this.#another(asker, connection)
    else if (asker.isOver()) this.pool.giveBack(connection)
    else process.nextTick(asker.served, undefined, connection)
  }

  #another(asker: Asker, connection: RawConnection): void {
    this.pool.discard(connection)
    if (!asker.isOver()) this.#serve(asker)
  }

  #known(): PoolSource {
    return this.#source as PoolSource
  }

  #tooLate(): Error {
    if (this.#refusal) return this.#refusal()
    if (this.#hold) return this.#hold.refusal()
    return this.#known().nameFailure(new WaitTimeout(this.#timeoutMs))
  }
}
