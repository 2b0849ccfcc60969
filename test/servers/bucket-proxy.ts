import { once } from 'node:events'
import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { refuse } from './small-s3.js'

/** What becomes of a request: it is passed on, answered with a status, or never answered. */
export type Fate = 'pass' | 'drop' | number

/** Stands before a bucket, real or of the tests, and decides what becomes of each request. */
export class BucketProxy {
  /** Asked once a request is here as a whole, and not passed on yet. */
  before: (method: string, url: string) => Fate | Promise<Fate> = () => 'pass'
  /** Asked once the bucket has done what it was asked for, and has not been heard yet. */
  after: (method: string, url: string) => Fate | Promise<Fate> = () => 'pass'
  readonly #to: URL
  readonly #server: Server = createServer((request, response) => void this.#pass(request, response))

  /** @param endpoint - of the bucket behind. */
  constructor(endpoint: string) {
    this.#to = new URL(endpoint)
  }

  /** @param port - one that it had before. */
  async start(port = 0): Promise<this> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return this
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request
    try {
      const body = await buffer(request)
      if (!settle(response, await this.before(method, url))) return
      const upstream = ask(new URL(url, this.#to), { method, headers: request.headers }).end(body)
      const [answer] = (await once(upstream, 'response')) as [IncomingMessage]
      const content = await buffer(answer)
      if (!settle(response, await this.after(method, url))) return
      response.writeHead(answer.statusCode ?? 500, answer.headers).end(content)
    } catch {
      response.destroy()
    }
  }
}

/** Whether the request goes on. */
function settle(response: ServerResponse, fate: Fate): boolean {
  if (fate === 'drop') response.destroy()
  else if (fate !== 'pass') refuse(response, fate, 'SlowDown')
  return fate === 'pass'
}
