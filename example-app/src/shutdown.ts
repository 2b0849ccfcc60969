import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** The time for balancers to see that the service is not ready, and for connections on their way to arrive. */
const noticeMs = 200

/**
 * Follows the connections of a server, from now on.
 *
 * @returns what stops it: what is in flight gets its answer, within the deadline; then whatever is left is cut.
 */
export function drainOf(server: Server): (deadlineMs: number) => Promise<void> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const closeIdle = () => {
    server.closeIdleConnections()
    // Browsers open some in advance. To Node.js one that was never used is not idle.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }
  return async (deadlineMs) => {
    const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs)
    await delay(noticeMs)
    const closed = new Promise((resolve) => server.close(resolve))
    // A connection that becomes idle from here on will not be used again.
    const sweep = setInterval(closeIdle, 50)
    await closed
    clearInterval(sweep)
    clearTimeout(deadline)
  }
}
