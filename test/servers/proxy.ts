import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { awakeNow } from '../awake.js'

/** A TCP proxy in front of a server, to do to its connections what networks do. */
export interface Proxy {
  readonly port: number
  /** When the server said its first word since it was last refused, on the clock of `awakeNow`. */
  readonly answeredAt: number | undefined
  /** Ends all connections at once. */
  cut(): void
  /** Passes nothing on, in either direction, and says nothing. */
  stall(): void
  /** Passes nothing on over the connections that there are, not even their end, and says nothing; new ones work. */
  freeze(): void
  /** Passes on again, what was held back too. */
  resume(): void
  /** Whether it ends each new connection at once, and all that there are. */
  refuse(isRefusing: boolean): void
  close(): Promise<void>
}

/** Starts a proxy in front of a port of 127.0.0.1. */
export async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let isStalled = false
  let isRefusing = false
  let answeredAt: number | undefined
  const track = (socket: Socket): Socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    if (isStalled) socket.pause()
    return socket
  }
  const server = createServer((client) => {
    if (isRefusing) return void client.resetAndDestroy()
    const upstream = track(connect(target, '127.0.0.1'))
    track(client)
    client.on('data', (data) => upstream.write(data)).on('close', () => upstream.destroy())
    upstream.once('data', () => (answeredAt ??= awakeNow()))
    upstream.on('data', (data) => client.write(data)).on('close', () => client.destroy())
    if (isStalled) for (const socket of [client, upstream]) socket.pause()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const all = (act: (socket: Socket) => unknown): void => {
    for (const socket of [...sockets]) act(socket)
  }
  return {
    port: (server.address() as AddressInfo).port,
    get answeredAt() {
      return answeredAt
    },
    cut: () => all((socket) => socket.resetAndDestroy()),
    stall: () => {
      isStalled = true
      all((socket) => socket.pause())
    },
    freeze: () => {
      isStalled = false
      all((socket) => socket.pause())
    },
    resume: () => {
      isStalled = false
      all((socket) => socket.resume())
    },
    refuse: (isNow) => {
      isRefusing = isNow
      answeredAt = undefined
      if (isNow) all((socket) => socket.resetAndDestroy())
    },
    close: async () => {
      server.close()
      all((socket) => socket.destroy())
      await once(server, 'close')
    },
  }
}
