import type { Socket } from 'node:net'
import type { RawConnection } from '../knex-client.ts'
import type { DialHost } from '../../url/dial-hosts.ts'

interface Entry {
  readonly socket: Socket
  readonly host: DialHost
  readonly generation: number
  isRetired: boolean
  /** When it was last known to answer, on the monotonic clock. */
  answeredAt: number
}

/** How long a connection may rest before it is asked again whether it is alive, in milliseconds. */
const restMs = 2000

/** All connections of an engine, and their sockets from the first packet on. */
export class Connections {
  readonly #sockets = new Set<Socket>()
  readonly #open = new Map<object, Entry>()
  #generation = 0
  #isClosed = false

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Watches a socket that is about to become a connection. */
  watch(socket: Socket): Socket {
    this.#sockets.add(socket)
    return socket.once('close', () => this.#sockets.delete(socket))
  }

  add(connection: RawConnection, socket: Socket, host: DialHost): void {
    this.#open.set(connection, {
      socket,
      host,
      generation: this.#generation,
      isRetired: false,
      answeredAt: performance.now(),
    })
    socket.once('close', () => this.#open.delete(connection))
  }

  hostOf(connection: RawConnection): DialHost | undefined {
    return this.#open.get(connection)?.host
  }

  /**
   * What is known of a connection: `gone` is one that was closed, is older than the last failure of one that rested, or whose
   * host was left; `fresh` is one that answered just now, so that it need not be asked.
   */
  conditionOf(connection: RawConnection): 'gone' | 'fresh' | 'rested' {
    const entry = this.#open.get(connection)
    if (entry?.generation !== this.#generation || entry.isRetired) return 'gone'
    return performance.now() - entry.answeredAt < restMs ? 'fresh' : 'rested'
  }

  confirm(connection: RawConnection): void {
    const entry = this.#open.get(connection)
    if (entry) entry.answeredAt = performance.now()
  }

  /** Has every connection asked before its next use, even one that answered just now. */
  suspectAll(): void {
    for (const entry of this.#open.values()) entry.answeredAt = -Infinity
  }

  /** Lets none of them be used again; what runs on them goes on. */
  retireAll(): void {
    this.#generation++
  }

  /** Lets none of a host's be used again; what runs on them goes on. */
  retireHost(host: DialHost): void {
    for (const entry of this.#open.values()) if (entry.host === host) entry.isRetired = true
  }

  /** Ends those of a host that does not answer, also those in use: what runs on them fails with this error. */
  dropHost(host: DialHost, error: Error): void {
    this.retireHost(host)
    for (const entry of this.#open.values()) if (entry.host === host) entry.socket.destroy(error)
  }

  /** Ends one without a word to the server. */
  drop(connection: RawConnection): void {
    this.#open.get(connection)?.socket.destroy()
  }

  /** Ends all at once, also those in use: what runs on them fails with this error. */
  dropAll(error: Error): void {
    this.retireAll()
    for (const socket of this.#sockets) socket.destroy(error)
  }

  /** Ends all, for good. */
  close(error: Error): void {
    this.#isClosed = true
    this.dropAll(error)
  }
}
