import type { KnexClient, RawConnection } from './knex-client.ts'

/** A gate before the connections of a client: while it is shut, nobody waits for one. */
export class Gate {
  readonly #client: KnexClient
  readonly #acquire: (this: KnexClient) => Promise<RawConnection>
  #refuse: (() => Error) | undefined
  #onFailure: ((error: unknown) => void) | undefined

  /** @param name - turns an error of the pool into one that says what happened. */
  constructor(client: KnexClient, name: (error: unknown) => unknown) {
    const gate = this as { check(): void; fail(error: unknown): void }
    const acquire = client.acquireConnection
    this.#client = client
    this.#acquire = acquire
    // Not bound to the client: a client made of this one, with another pool, passes the same gate.
    client.acquireConnection = async function (this: KnexClient) {
      gate.check()
      try {
        return await acquire.call(this)
      } catch (error) {
        const named = name(error)
        gate.fail(named)
        throw named
      }
    }
  }

  /** Shuts the gate with this error, or opens it. */
  set(refuse: (() => Error) | undefined): void {
    this.#refuse = refuse
  }

  /** Calls the listener with each error of the pool, in its new name. */
  onFailure(listener: (error: unknown) => void): void {
    this.#onFailure = listener
  }

  /** Tells of an error of the pool. */
  fail(error: unknown): void {
    this.#onFailure?.(error)
  }

  /** Throws while the gate is shut. */
  check(): void {
    if (this.#refuse) throw this.#refuse()
  }

  /** The same client beside the gate, for whoever finds out whether it may be opened. */
  get passage(): KnexClient {
    return Object.create(this.#client, { acquireConnection: { value: this.#acquire } }) as KnexClient
  }
}
