import type { Server } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

/** The time for balancers to see that the service is not ready, and for connections on their way to arrive. */
const noticeMs = 200

/**
 * Stops a server: what is in flight gets its answer, within the deadline; then whatever is left is cut.
 *
 * @param deadlineMs - in milliseconds, from now.
 */
export async function drain(server: Server, deadlineMs: number): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs)
  await delay(noticeMs)
  const closed = new Promise((resolve) => server.close(resolve))
  // A connection that becomes idle from here on will not be used again.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearInterval(sweep)
  clearTimeout(deadline)
}
