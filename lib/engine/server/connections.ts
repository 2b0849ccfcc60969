import type { Socket } from 'node:net'
import type { RawConnection } from '../knex-client.ts'
import type { DialHost } from '../../url/dial-hosts.ts'
import { leave } from './left-backends.ts'
import type { Backend } from './server-dialect.ts'

/** A connection, and what was heard of it. */
export interface OpenConnection {
  readonly connection: RawConnection
  readonly socket: Socket
  readonly host: DialHost
  readonly generation: number
  /** Its backend at the server, where that is known. */
  backend?: Backend
  /** How much had come when it was last looked at, in bytes. */
  bytesRead: number
  /** When something was last seen to have come, on the monotonic clock. */
  heardAt: number
  isRetired: boolean
  /** When it was last known to answer, on the monotonic clock. */
  answeredAt: number
}

/** How long a connection may rest before it is asked again whether it is alive, in milliseconds. */
const restMs = 2000

/** All connections of an engine, and their sockets from the first packet on. */
export class Connections {
  readonly #sockets = new Set<Socket>()
  readonly #open = new Map<object, OpenConnection>()
  #generation = 0
  #isClosed = false
  /** When each host last showed that it works, on the monotonic clock. */
  readonly #heardAt = new Map<DialHost, number>()
  readonly #isInUse: () => boolean

  /** @param isInUse - whether the pool has handed out any. */
  constructor(isInUse: () => boolean) {
    this.#isInUse = isInUse
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Watches a socket that is about to become a connection. */
  watch(socket: Socket): Socket {
    this.#sockets.add(socket)
    return socket.once('close', () => this.#sockets.delete(socket))
  }

  add(connection: RawConnection, socket: Socket, host: DialHost): void {
    this.hear(host)
    const entry: OpenConnection = {
      heardAt: performance.now(),
      connection,
      bytesRead: socket.bytesRead,
      socket,
      host,
      generation: this.#generation,
      isRetired: false,
      answeredAt: performance.now(),
    }
    this.#open.set(connection, entry)
    // A driver's object may have got another socket meanwhile.
    socket.once('close', () => this.#open.get(connection) === entry && this.#open.delete(connection))
  }

  /** Learns which backend a connection has. */
  identify(connection: RawConnection, backend: Backend): void {
    const entry = this.#open.get(connection)
    if (entry) entry.backend = backend
  }

  backendOf(connection: RawConnection): Backend | undefined {
    return this.#open.get(connection)?.backend
  }

  /** Whether a statement or a transaction is on any of them. */
  get isInUse(): boolean {
    return this.#isInUse()
  }

  get all(): Iterable<OpenConnection> {
    return this.#open.values()
  }

  /** Whether anything came over one since it was last looked at. */
  listen(entry: OpenConnection): boolean {
    const { bytesRead } = entry.socket
    if (bytesRead === entry.bytesRead) return false
    entry.bytesRead = bytesRead
    entry.heardAt = performance.now()
    this.hear(entry.host)
    return true
  }

  listenToAll(): void {
    for (const entry of this.#open.values()) this.listen(entry)
  }

  /** A host has shown that it works. */
  hear(host: DialHost): void {
    this.#heardAt.set(host, performance.now())
  }

  /** Whether a host to which there are connections was heard within so many milliseconds. */
  isHeardWithin(milliseconds: number): boolean {
    this.listenToAll()
    const since = performance.now() - milliseconds
    return [...this.all].some(({ socket, host }) => !socket.destroyed && this.#heard(host) > since)
  }

  #heard(host: DialHost): number {
    return this.#heardAt.get(host) ?? -Infinity
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

  /** It has answered. */
  confirm(connection: RawConnection): void {
    const entry = this.#open.get(connection)
    if (!entry) return
    entry.answeredAt = performance.now()
    this.hear(entry.host)
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
    this.#heardAt.delete(host)
    for (const entry of this.#open.values()) if (entry.host === host) this.#abandon(entry, error)
  }

  /** Ends one without a word to the server: what runs on it fails with this error. */
  drop(connection: RawConnection, error?: Error): void {
    this.#open.get(connection)?.socket.destroy(error)
  }

  /** Ends those that are no connections yet: whoever makes them learns this error. */
  dropUnfinished(error: Error): void {
    const finished = new Set([...this.#open.values()].map(({ socket }) => socket))
    for (const socket of this.#sockets) if (!finished.has(socket)) socket.destroy(error)
  }

  /** Ends all at once, also those in use: what runs on them fails with this error. */
  dropAll(error: Error): void {
    this.retireAll()
    this.#heardAt.clear()
    for (const entry of this.#open.values()) this.#abandon(entry, error)
    for (const socket of this.#sockets) socket.destroy(error)
  }

  /** Ends all, for good. */
  close(error: Error): void {
    this.#isClosed = true
    this.dropAll(error)
  }

  #abandon({ backend, heardAt, socket }: OpenConnection, error: Error): void {
    if (backend) leave({ backend, heardAt })
    socket.destroy(error)
  }
}
