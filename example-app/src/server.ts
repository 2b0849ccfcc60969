import { createServer, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type Koa from 'koa'
import type { Config } from './config.ts'

/** A client that sends slower than this, or nothing, holds a connection for nothing. */
const requestTimeoutMs = 10_000

/**
 * Listens for requests.
 *
 * @throws when the address is in use, or not one of this machine.
 */
export async function listen(app: Koa, { port, host }: Pick<Config, 'host' | 'port'>): Promise<Server> {
  const options = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: 1_000,
    // The app refuses it itself, as it does everything else.
    requireHostHeader: false,
  }
  const server = createServer(options, app.callback())
  refuseWhatIsNoRequest(server)
  // An Expect that nobody knows may be ignored (RFC 9110, 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host && { host }) }, () => resolve(server))
  })
}

/** What Node.js itself looks at here. To keep each answer beside its socket instead would keep it in memory until the next one. */
interface Connection extends Socket {
  readonly _httpMessage?: ServerResponse | null
}

const statuses: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Content Too Large',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
}

/** Answers as Node.js would, but with the Cache-Control of every error: what is no request does not come to the app. */
function refuseWhatIsNoRequest(server: Server): void {
  server.on('clientError', ({ code = '' }: NodeJS.ErrnoException, socket: Connection) => {
    // An answer that is under way is cut off: a second one would get into it.
    if (!socket.writable || socket._httpMessage?.headersSent) return void socket.destroy()
    const status = statuses[code] ?? '400 Bad Request'
    socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n`)
    socket.destroySoon()
  })
}
