import { Bag, type BagItem } from './bag.ts'
import type { KnexClient, RawConnection } from './knex-client.ts'

/** One who waits for a connection. */
interface Waiter extends BagItem {
  readonly resolve: (connection: RawConnection) => void
  readonly reject: (error: unknown) => void
}

/** The circuit breaker before the connections of a client: while it is open, everybody is refused at once. */
export class Breaker {
  readonly #client: KnexClient
  readonly #acquire: (this: KnexClient) => Promise<RawConnection>
  readonly #name: (error: unknown) => unknown
  readonly #isLate: (error: unknown, waitedMs: number) => boolean
  readonly #waiting = new Bag<Waiter>()
  #refusal: (() => Error) | undefined
  #onFailure: ((error: unknown) => void) | undefined

  /**
   * @param name - turns an error of the pool into one that says what happened.
   * @param isLate - whether a wait failed because this process stood still: it is waited once more.
   */
  constructor(
    client: KnexClient,
    name: (error: unknown) => unknown,
    isLate: (error: unknown, waitedMs: number) => boolean = () => false,
  ) {
    this.#client = client
    this.#acquire = client.acquireConnection
    this.#name = name
    this.#isLate = isLate
    const acquire = this.#acquireFor.bind(this)
    // Not bound to the client: a client made of this one, with another pool, has the same breaker.
    client.acquireConnection = function (this: KnexClient) {
      return acquire(this)
    }
  }

  /** Refuses everybody who comes with this error. */
  open(refusal: () => Error): void {
    this.#refusal = refusal
  }

  /** Refuses those who wait for a connection. */
  refuseWaiting(refusal: () => Error): void {
    for (const waiter of [...this.#waiting.all])
      if (this.#waiting.delete(waiter)) this.#refuse(waiter, refusal())
  }

  /** Lets everybody pass. */
  close(): void {
    this.#refusal = undefined
  }

  /** Calls the listener with each error of the pool, in its new name. */
  onFailure(listener: (error: unknown) => void): void {
    this.#onFailure = listener
  }

  /** Tells of an error of the pool. */
  fail(error: unknown): void {
    this.#onFailure?.(error)
  }

  /** Throws while it is open. */
  check(): void {
    if (this.#refusal) throw this.#refusal()
  }

  /** Not async, and one promise: every statement would pay for more. */
  #acquireFor(client: KnexClient): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      this.check()
      const waiter = { resolve, reject, place: 0 }
      this.#waiting.add(waiter)
      this.#ask(client, waiter)
    })
  }

  /** A connection that comes after its wait was refused goes back. */
  #ask(client: KnexClient, waiter: Waiter, isAgain = false): void {
    const started = performance.now()
    this.#acquire.call(client).then(
      (connection) =>
        this.#waiting.delete(waiter) ? waiter.resolve(connection) : void client.releaseConnection(connection),
      (error: unknown) => {
        if (!isAgain && this.#waiting.has(waiter) && this.#isLate(error, performance.now() - started))
          this.#ask(client, waiter, true)
        else if (this.#waiting.delete(waiter)) this.#refuse(waiter, error)
      },
    )
  }

  #refuse({ reject }: Waiter, error: unknown): void {
    const named = this.#name(error)
    this.fail(named)
    reject(named)
  }

  /** The same client beside the breaker, for whoever finds out whether it may be closed. */
  get passage(): KnexClient {
    return Object.create(this.#client, { acquireConnection: { value: this.#acquire } }) as KnexClient
  }
}
