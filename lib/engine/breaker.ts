import type { KnexClient, RawConnection } from './knex-client.ts'

/** The circuit breaker before the connections of a client: while it is open, everybody is refused at once. */
export class Breaker {
  readonly #client: KnexClient
  readonly #acquire: (this: KnexClient) => Promise<RawConnection>
  #refusal: (() => Error) | undefined
  readonly #isLate: (error: unknown, waitedMs: number) => boolean
  readonly #waiting = new Set<(error: Error) => void>()
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
    this.#isLate = isLate
    const breaker = this as { check(): void; fail(error: unknown): void }
    const acquire = this.#acquireFor.bind(this)
    this.#client = client
    this.#acquire = client.acquireConnection
    // Not bound to the client: a client made of this one, with another pool, has the same breaker.
    client.acquireConnection = async function (this: KnexClient) {
      breaker.check()
      try {
        return await acquire(this)
      } catch (error) {
        const named = name(error)
        breaker.fail(named)
        throw named
      }
    }
  }

  /** Refuses everybody who comes with this error. */
  open(refusal: () => Error): void {
    this.#refusal = refusal
  }

  /** Refuses those who wait for a connection. */
  refuseWaiting(refusal: () => Error): void {
    for (const refuse of this.#waiting) refuse(refusal())
    this.#waiting.clear()
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

  /** A connection that comes after its wait was refused goes back. Not async: every statement would pay for the promises. */
  #acquireFor(client: KnexClient, isAgain = false): Promise<RawConnection> {
    const started = performance.now()
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      this.#acquire.call(client).then(
        (connection) =>
          this.#waiting.delete(reject) ? resolve(connection) : void client.releaseConnection(connection),
        (error: unknown) => {
          const isWaiting = this.#waiting.delete(reject)
          const isLate = isWaiting && !isAgain && this.#isLate(error, performance.now() - started)
          if (isLate) resolve(this.#acquireFor(client, true))
          else reject(error)
        },
      )
    })
  }

  /** The same client beside the breaker, for whoever finds out whether it may be closed. */
  get passage(): KnexClient {
    return Object.create(this.#client, { acquireConnection: { value: this.#acquire } }) as KnexClient
  }
}
