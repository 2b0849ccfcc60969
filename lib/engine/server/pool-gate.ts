import type { RawConnection } from '../knex-client.ts'
import { WaitTimeout } from '../time.ts'
import type { DriverPool, Served } from './driver-pool.ts'
import { PoolQueue, Waiting } from './pool-queue.ts'
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

/** pg's callers may release what they did not get. */
const nothing = (): void => undefined

class Asker extends Waiting {
  readonly served: Served
  /** What it learns is no news to itself: told of its own failure, the watch would ask again at once, for ever. */
  readonly isWatch: boolean
  readonly #why: () => Error

  constructor(served: Served, why: () => Error, isWatch: boolean = false) {
    super()
    this.served = served
    this.isWatch = isWatch
    this.#why = why
  }

  override giveUp(): void {
    this.served(this.#why(), undefined, nothing)
  }
}

/** Stands between a program and a driver's own pool: nobody waits without a bound, and no dead connection is handed out. */
export class PoolGate {
  readonly #queue: PoolQueue
  #pool: DriverPool | undefined
  #source: PoolSource | undefined
  #hold: Hold | undefined
  #refusal: (() => Error) | undefined
  readonly #timeoutMs: number
  readonly #tooLate = (): Error => this.#nameWait()
  /** How many connections are being made. */
  dialing = 0
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
    this.dialing++
    try {
      return await this.#known().dial(connect)
    } finally {
      this.dialing--
    }
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
    if (refusal) this.#queue.giveUpAll()
  }

  /** A connection for the program. */
  take(served: Served): void {
    // The usual way, for which all queries pay: nobody waits, so that there is no wait to bound.
    if (!this.#refusal && !this.#hold && this.pool.servesAtOnce())
      this.pool.take((error, connection, release) => {
        if (connection && this.#known().isAlive(connection) === true) served(error, connection, release)
        else this.#receive(this.#line(served), error, connection, release)
      })
    else this.#takeInTurn(this.#line(served))
  }

  /** A connection for the watch, while everybody else is refused. */
  async takeBeside(): Promise<RawConnection> {
    return await new Promise((resolve, reject) => {
      const served: Served = (error, connection) => (connection ? resolve(connection) : reject(error))
      this.#serve(new Asker(served, this.#tooLate, true))
    })
  }

  #line(served: Served): Asker {
    const asker = new Asker(served, this.#tooLate)
    this.#queue.add(asker)
    return asker
  }

  #takeInTurn(asker: Asker): void {
    if (this.#refusal) process.nextTick(() => this.#ask(asker))
    else if (this.#hold) void this.#askOnce(this.#hold, asker)
    else this.#serve(asker)
  }

  /** Waits for a database that is not there yet. */
  async #askOnce(hold: Hold, asker: Asker): Promise<void> {
    const refusal = await hold.wait().then(
      () => undefined,
      (error: Error) => error,
    )
    process.nextTick(() => (refusal ? this.#finish(asker, refusal) : this.#ask(asker)))
  }

  #ask(asker: Asker): void {
    if (asker.isOver) return
    if (this.#refusal) this.#finish(asker, this.#refusal())
    else this.#serve(asker)
  }

  #serve(asker: Asker): void {
    this.pool.take((error, connection, release) => this.#receive(asker, error, connection, release))
  }

  #receive(asker: Asker, ...[error, connection, release]: Parameters<Served>): void {
    // Known already: whoever waited was told.
    if (!connection && asker.isOver) return
    if (!connection) return this.#finish(asker, asker.isWatch ? error : this.#known().nameFailure(error))
    if (asker.isOver) return this.pool.giveBack(connection)
    const isAlive = this.#known().isAlive(connection)
    if (isAlive === true) this.#finish(asker, error, connection, release)
    else if (isAlive === false) this.#another(asker, connection)
    else void this.#validate(isAlive, asker, error, connection, release)
  }

  async #validate(isAlive: Promise<boolean>, asker: Asker, ...served: Parameters<Served>): Promise<void> {
    const [, connection] = served as [unknown, RawConnection]
    this.validating++
    const isStill = await isAlive
    this.validating--
    if (!isStill) this.#another(asker, connection)
    else if (asker.isOver) this.pool.giveBack(connection)
    else process.nextTick(() => this.#finish(asker, ...served))
  }

  #another(asker: Asker, connection: RawConnection): void {
    this.pool.discard(connection)
    if (!asker.isOver) this.#ask(asker)
  }

  #finish(asker: Asker, ...[error, connection, release = nothing]: Parameters<Served>): void {
    if (asker.isOver) return connection && this.pool.giveBack(connection)
    this.#queue.end(asker)
    asker.served(error, connection, release)
  }

  #known(): PoolSource {
    return this.#source as PoolSource
  }

  #nameWait(): Error {
    if (this.#refusal) return this.#refusal()
    if (this.#hold) return this.#hold.refusal()
    return this.#known().nameFailure(new WaitTimeout(this.#timeoutMs))
  }
}
