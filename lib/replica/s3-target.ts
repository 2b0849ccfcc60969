import { loadDriver } from '../engine/load-driver.ts'
import { ProblemError } from '../engine/problem-error.ts'
import { problem } from '../problem/problem.ts'
import type { S3Address } from '../resolve/replica-address.ts'
import { replicaUnreachable } from './replica-failure.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { readPage, s3Cause, s3Code, type S3Answer } from './s3-answer.ts'
import { S3Client, type S3Request } from './s3-client.ts'

/** Written once to each replica, and then tried again: a server that takes it twice cannot tell two writers apart. */
const probeKey = 'created-once'

const noList = 'the server answers with no list of its keys'

/**
 * Opens a part of a bucket. Rejects where there is no signer, no bucket, or no conditional PutObject.
 *
 * @param isOnlyRead - whether nothing is written to it, so that a key that may only read is enough.
 */
export async function openS3Target(address: S3Address, isOnlyRead: boolean): Promise<ReplicaTarget> {
  const { bucket, prefix, region, credentials } = address
  const name = `s3://${[bucket, prefix].filter(Boolean).join('/')}`
  const loaded = loadDriver('aws4fetch', `The replica ${name}`)
  if (!loaded.ok) throw new ProblemError(loaded.problem)
  const { AwsClient } = loaded.module as typeof import('aws4fetch')
  const signer = new AwsClient({ ...credentials, region, service: 's3', retries: 0 })
  const target = new S3Target(name, prefix === '' ? '' : `${prefix}/`, new S3Client(name, address, signer))
  if (!isOnlyRead) await target.prove()
  return target
}

class S3Target implements ReplicaTarget {
  readonly name: string
  readonly #prefix: string
  readonly #client: S3Client

  constructor(name: string, prefix: string, client: S3Client) {
    this.name = name
    this.#prefix = prefix
    this.#client = client
  }

  /** Sees that what exists is not overwritten by {@link create}. */
  async prove(): Promise<void> {
    const isNew = await this.create(probeKey, Buffer.from('1'))
    if (!isNew || !(await this.create(probeKey, Buffer.from('2')))) return
    throw new ProblemError(
      problem('invalid-parameter', {
        subject: 'The replica',
        parameter: 'endpoint',
        expected:
          'a server that honours If-None-Match on PutObject: this one lets two programs write over each other',
      }),
    )
  }

  async list(prefix: string): Promise<string[]> {
    const keys: string[] = []
    let token: string | undefined
    do {
      const query: Record<string, string> = { 'list-type': '2', prefix: this.#prefix + prefix }
      if (token !== undefined) query['continuation-token'] = token
      const page = readPage(await this.#ask({ method: 'GET', query }, [200]))
      // A part of a list would look like an older history, and an empty one like none.
      if (!page || page.next === (token ?? '')) throw replicaUnreachable(this.name, noList)
      keys.push(...page.keys)
      token = page.next
    } while (token !== undefined)
    return keys.map((key) => key.slice(this.#prefix.length)).toSorted()
  }

  async read(key: string): Promise<Buffer | undefined> {
    const { status, body } = await this.#ask({ method: 'GET', key: this.#prefix + key }, [200, 404])
    return status === 404 ? undefined : body
  }

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    const headers = { 'if-none-match': '*' }
    const { status } = await this.#ask(
      { method: 'PUT', key: this.#prefix + key, headers, body: bytes },
      [200, 201, 204, 412],
    )
    return status !== 412
  }

  async write(key: string, bytes: Uint8Array): Promise<void> {
    await this.#ask({ method: 'PUT', key: this.#prefix + key, body: bytes }, [200, 201, 204])
  }

  async show(key: string, bytes: Uint8Array): Promise<void> {
    await this.write(key, bytes)
  }

  async remove(key: string): Promise<void> {
    await this.#ask({ method: 'DELETE', key: this.#prefix + key }, [200, 204, 404])
  }

  async #ask(request: S3Request, expected: readonly number[]): Promise<S3Answer> {
    const answer = await this.#client.send(request)
    const isGone = answer.status === 404 && s3Code(answer) === 'NoSuchBucket'
    if (isGone || !expected.includes(answer.status)) throw this.#refusal(answer)
    return answer
  }

  #refusal(answer: S3Answer): ProblemError {
    const why = meaning(answer)
    return new ProblemError(
      problem('replica-unreachable', { target: `The replica ${this.name}`, why }, { cause: s3Cause(answer) }),
    )
  }
}

function meaning(answer: S3Answer): string {
  const { status } = answer
  if (s3Code(answer) === 'NoSuchBucket') return 'there is no such bucket'
  if (status === 401 || status === 403) {
    return 'the server refuses the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
  }
  if (status >= 301 && status <= 308) return 'the server leads elsewhere: check the endpoint and the region'
  return `the server answers ${status}`
}
