import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server does in place of its answer; nothing: it answers as usual. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean

/** As much of S3 as a replica asks for, in memory. It checks no signatures: a real server does that in test/field. */
export class SmallS3 {
  readonly objects = new Map<string, Buffer>()
  readonly requests: IncomingMessage[] = []
  fault: Fault = () => false
  /** Whether `If-None-Match: *` is honoured. */
  isConditional = true
  /** So many keys stand on a page of a list. */
  pageLength = 3
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response))

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    this.requests.push(request)
    if (this.fault(request, response)) return
    const { pathname, searchParams } = new URL(request.url!, this.endpoint)
    const [, key = ''] = decodeURIComponent(pathname).split('/bucket/')
    if (request.method === 'PUT') this.#put(request, response, key, Buffer.concat(parts))
    else if (request.method === 'DELETE') {
      this.objects.delete(key)
      response.writeHead(204).end()
    } else if (searchParams.has('list-type')) response.end(this.#page(searchParams))
    else if (this.objects.has(key)) response.end(this.objects.get(key))
    else refuse(response, 404, 'NoSuchKey')
  }

  #put({ headers }: IncomingMessage, response: ServerResponse, key: string, bytes: Buffer): void {
    const isRefused = this.isConditional && headers['if-none-match'] === '*' && this.objects.has(key)
    if (isRefused) return refuse(response, 412, 'PreconditionFailed')
    this.objects.set(key, bytes)
    response.end()
  }

  #page(query: URLSearchParams): string {
    const prefix = query.get('prefix')!
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix)).toSorted()
    const start = Number(query.get('continuation-token')?.slice(2) ?? 0)
    const end = start + this.pageLength
    const rows = keys.slice(start, end).map((key) => `<Contents><Key>${key}</Key></Contents>`)
    const next = end < keys.length ? `<NextContinuationToken>&#62;&amp;${end}</NextContinuationToken>` : ''
    return `<ListBucketResult>${rows.join('')}<IsTruncated>${next !== ''}</IsTruncated>${next}</ListBucketResult>`
  }
}

/** Answers as S3 refuses. */
export function refuse(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status)
    .end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message></Message></Error>`)
}
