import { createServer, type Server } from 'node:http'
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
  const timeouts = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: 1_000,
  }
  const server = createServer(timeouts, app.callback())
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host && { host }) }, () => resolve(server))
  })
}
