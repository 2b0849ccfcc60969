import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AwsClient } from 'aws4fetch'
import { ProblemError } from '../engine/problem-error.ts'
import type { S3Address } from '../resolve/replica-address.ts'
import { replicaFailure, replicaUnreachable, requestTimeoutMs } from './replica-failure.ts'
import { s3Code, type S3Answer } from './s3-answer.ts'

/** A request to a bucket. */
export interface S3Request {
  readonly method: 'GET' | 'PUT' | 'DELETE'
  /** Absent for the bucket itself. */
  readonly key?: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** So many times a request is sent that the server was too busy for, or that was cut off. */
const tries = 3

/** A body may take longer than an answer without one: a second for so many bytes. */
const bytesPerSecond = 262_144

/** Sends signed requests to one bucket, path style, and follows a redirect without the signature. */
export class S3Client {
  readonly #name: string
  readonly #bucketUrl: string
  readonly #signer: AwsClient
  /** How far the server's clock is ahead of the one here, in milliseconds: a signature holds its time. */
  #aheadMs = 0

  /** @param name - the replica, as a person is shown it. */
  constructor(name: string, { endpoint, bucket }: S3Address, signer: AwsClient) {
    this.#name = name
    this.#bucketUrl = `${endpoint}/${bucket}`
    this.#signer = signer
  }

  /** The server's answer, whatever it is; rejects with the problem of a server that gives none. */
  async send(request: S3Request): Promise<S3Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#sendOnce(request).catch((error: unknown) => {
        if (attempt === tries || error instanceof ProblemError) throw replicaFailure(this.#name, error)
      })
      if (answer && !this.#isToBeRepeated(answer)) return answer
      if (answer && attempt === tries) return answer
      await sleep(100 * attempt)
    }
  }

  /** A clock that is wrong here is no reason to be without the replica. */
  #isToBeRepeated(answer: S3Answer): boolean {
    const isLate = answer.status === 403 && s3Code(answer) === 'RequestTimeTooSkewed'
    if (isLate && !Number.isNaN(answer.serverTime)) this.#aheadMs = answer.serverTime - Date.now()
    // 409: another writer is at the same key.
    return isLate || answer.status >= 500 || answer.status === 429 || answer.status === 409
  }

  async #sendOnce(request: S3Request): Promise<S3Answer> {
    const signed = await this.#sign(request)
    const bound = new AbortController()
    const timer = setTimeout(() => bound.abort(), requestTimeoutMs + sendingMs(request))
    try {
      const response = await this.#follow(
        await fetch(signed, { redirect: 'manual', signal: bound.signal }),
        request.method === 'GET',
        bound.signal,
      )
      const body = await readBody(response, () => timer.refresh())
      return { status: response.status, body, serverTime: Date.parse(response.headers.get('date') ?? '') }
    } catch (error) {
      if (bound.signal.aborted) throw replicaUnreachable(this.#name, 'it does not answer')
      // What fetch says itself is only that it failed.
      throw error instanceof TypeError && error.cause !== undefined ? error.cause : error
    } finally {
      clearTimeout(timer)
    }
  }

  async #sign({ method, key, query = {}, headers = {}, body }: S3Request): Promise<Request> {
    const url = new URL(key === undefined ? this.#bucketUrl : `${this.#bucketUrl}/${key}`)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const hash = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    const datetime = new Date(Date.now() + this.#aheadMs).toISOString().replace(/[:-]|\.\d{3}/g, '')
    return await this.#signer.sign(url, {
      method,
      headers: { ...headers, 'x-amz-content-sha256': hash },
      aws: { datetime },
      ...(body && { body: Buffer.from(body) }),
    })
  }

  /** Objects that are read may be kept elsewhere: whoever keeps them gets no signature of this one, and so cannot be written to. */
  async #follow(response: Response, isRead: boolean, signal: AbortSignal): Promise<Response> {
    const location = response.headers.get('location')
    if (!isRead || response.status < 301 || response.status > 308 || location === null) return response
    const to = new URL(location, response.url)
    const isSafe = to.protocol === 'https:' || to.protocol === new URL(this.#bucketUrl).protocol
    if (!isSafe) throw replicaUnreachable(this.#name, 'it leads to an address without encryption')
    return await fetch(to, { signal })
  }
}

function sendingMs({ body }: S3Request): number {
  return ((body?.length ?? 0) / bytesPerSecond) * 1000
}

/** Reads an answer to its end; each part may take as long as the answer itself. */
async function readBody(response: Response, arrived: () => void): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of response.body ?? []) {
    arrived()
    parts.push(part)
  }
  return Buffer.concat(parts)
}
