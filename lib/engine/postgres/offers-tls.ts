import { once } from 'node:events'
import type { Socket } from 'node:net'

/** The request for encryption (PostgreSQL documentation, "SSLRequest"). */
const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** Asks a server, over a connection of its own, whether it offers encryption. One that says nothing in time does not. */
export async function offersTls(
  socket: Socket,
  to: { readonly host: string; readonly port: number },
  timeoutMs: number,
): Promise<boolean> {
  const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)))
  try {
    socket.connect(to.port, to.host)
    await once(socket, 'connect', { signal })
    socket.write(sslRequest)
    const [answer] = (await once(socket, 'data', { signal })) as [Buffer]
    return answer.toString('latin1') === 'S'
  } catch {
    return false
  } finally {
    socket.on('error', () => undefined).destroy()
  }
}
