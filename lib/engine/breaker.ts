import type { KnexClient, RawConnection } from './knex-client.ts'

/** The circuit breaker before the connections of a client: while it is open, everybody is refused at once. */
export class Breaker {
  readonly #client: KnexClient
  readonly #acquire: (this: KnexClient) => Promise<RawConnection>
  #refusal: (() => Error) | undefined
  #onFailure: ((error: unknown) => void) | undefined

  /** @param name - turns an error of the pool into one that says what happened. */
  constructor(client: KnexClient, name: (error: unknown) => unknown) {
    const breaker = this as { check(): void; fail(error: unknown): void }
    const acquire = client.acquireConnection
    this.#client = client
    this.#acquire = acquire
    // Not bound to the client: a client made of this one, with another pool, has the same breaker.
    client.acquireConnection = async function (this: KnexClient) {
      breaker.check()
      try {
        return await acquire.call(this)
      } catch (error) {
        const named = name(error)
        breaker.fail(named)
        throw named
      }
    }
  }

  /** Refuses everybody with this error. */
  open(refusal: () => Error): void {
    this.#refusal = refusal
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

  /** The same client beside the breaker, for whoever finds out whether it may be closed. */
  get passage(): KnexClient {
    return Object.create(this.#client, { acquireConnection: { value: this.#acquire } }) as KnexClient
  }
}
