import type { RawConnection } from '../knex-client.ts'
import { within } from '../time.ts'
import type { Connections } from './connections.ts'
import type { Dialer } from './dialer.ts'
import type { ServerStatus } from './server-dialect.ts'

/** Asks a server over a connection of its own, so that a full pool does not look like a dead server. */
export class ServerProbe {
  readonly #dialer: Dialer
  readonly #connections: Connections
  #kept: RawConnection | undefined

  constructor(dialer: Dialer, connections: Connections) {
    this.#dialer = dialer
    this.#connections = connections
  }

  /**
   * Asks within a bound; a connection that has gone stale gets half of it, a new one the rest. A server that is no longer
   * what the URL asks for is left for one that is.
   */
  async ask(timeoutMs: number): Promise<ServerStatus> {
    const deadline = performance.now() + timeoutMs
    const kept = this.#kept
    if (kept !== undefined) {
      try {
        const status = await this.#read(kept, timeoutMs / 2)
        if (this.#dialer.isSuitable(kept, status)) return status
        this.end()
      } catch {
        this.#kept = undefined
      }
    }
    // A little less than the bound, so that the failure has its own name rather than that of the bound.
    const fresh = await this.#dialer.dial(0.95 * (deadline - performance.now()))
    const status = await this.#read(fresh, deadline - performance.now())
    this.end()
    this.#kept = fresh
    return status
  }

  /** Ends the connection. */
  end(): void {
    if (this.#kept !== undefined) this.#connections.drop(this.#kept)
    this.#kept = undefined
  }

  async #read(connection: RawConnection, timeoutMs: number): Promise<ServerStatus> {
    try {
      return await within(Math.max(1, timeoutMs), this.#dialer.readStatus(connection))
    } catch (error) {
      this.#connections.drop(connection)
      throw error
    }
  }
}
