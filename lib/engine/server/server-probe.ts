import type { RawConnection } from '../knex-client.ts'
import { withinAwake } from '../time.ts'
import type { Connections } from './connections.ts'
import type { Dialer } from './dialer.ts'
import { borrow, type PoolPort } from './pool-port.ts'
import type { ServerStatus } from './server-dialect.ts'

/** A server that was heard within this time need not be asked where all connections are in use, in milliseconds. */
const recentMs = 5000

/**
 * Asks a server whether it works, over the connections of the pool, so that none is taken from the program. It is dead only if new
 * connections fail and old ones are silent: the lack of a free connection, or a question that came too late, says nothing.
 */
export class ServerProbe {
  readonly #dialer: Dialer
  readonly #connections: Connections
  readonly #pool: PoolPort
  #last: ServerStatus | undefined

  constructor(dialer: Dialer, connections: Connections, pool: PoolPort) {
    this.#dialer = dialer
    this.#connections = connections
    this.#pool = pool
  }

  /** What the server says of itself, or said when it was last asked where it is known to work; the error says why it is dead. */
  async ask(timeoutMs: number): Promise<ServerStatus> {
    const started = performance.now()
    const { isAway } = this.#dialer
    // What has arrived by now says nothing of what comes.
    this.#connections.listenToAll()
    try {
      this.#last = await withinAwake(timeoutMs, isAway ? this.#askNew(timeoutMs) : this.#ask(timeoutMs))
    } catch (error) {
      if (isAway || !this.#last || !this.#isAliveDespite(performance.now() - started)) throw error
    }
    return this.#last
  }

  async #ask(timeoutMs: number): Promise<ServerStatus> {
    if (this.#pool.hasRoom())
      return await this.#dialer.hurry(budgetMs(timeoutMs), () => this.#askPool(timeoutMs))
    const { isInUse } = this.#connections
    if (this.#last && isInUse && this.#connections.isHeardWithin(recentMs)) return this.#last
    return await this.#askNew(timeoutMs)
  }

  async #askNew(timeoutMs: number): Promise<ServerStatus> {
    const connection = await this.#dialer.dial(budgetMs(timeoutMs))
    return await this.#read(connection, timeoutMs).finally(() => this.#connections.drop(connection))
  }

  /** A server that is no longer what the URL asks for is left for one that is; one silent connection says nothing of a new one. */
  async #askPool(timeoutMs: number): Promise<ServerStatus> {
    const first = await borrow(this.#pool, async (connection) => {
      const status = await this.#read(connection, timeoutMs / 2).catch(() => undefined)
      if (status && this.#dialer.isSuitable(connection, status)) return status
      this.#connections.drop(connection)
      this.#connections.suspectAll()
      return undefined
    })
    if (first) return first
    // The next one may be as old, and as dead.
    return await borrow(this.#pool, (connection) => this.#read(connection, timeoutMs)).catch(() =>
      this.#askNew(timeoutMs),
    )
  }

  async #read(connection: RawConnection, timeoutMs: number): Promise<ServerStatus> {
    try {
      const status = await withinAwake(timeoutMs, this.#dialer.readStatus(connection))
      this.#connections.confirm(connection)
      return status
    } catch (error) {
      this.#connections.drop(connection)
      throw error
    }
  }

  /** Connections that are in use to a host that was heard are evidence against what befell a new one. */
  #isAliveDespite(sinceMs: number): boolean {
    return this.#connections.isInUse && this.#connections.isHeardWithin(sinceMs)
  }
}

/** A little less than the bound, so that the failure has its own name rather than that of the bound. */
function budgetMs(timeoutMs: number): number {
  return 0.95 * timeoutMs
}
