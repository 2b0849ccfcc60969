import type { Cause } from '../problem/cause.ts'

/** What a server of S3 answered: it is read to its end. */
export interface S3Answer {
  readonly status: number
  readonly body: Buffer
  /** The server's own clock, in milliseconds; `NaN` where it says nothing. */
  readonly serverTime: number
}

/** One page of a list of keys. */
export interface S3Page {
  readonly keys: readonly string[]
  /** Where the next page begins; absent on the last one. */
  readonly next?: string
}

/** The code of a refusal, such as `NoSuchKey`; empty where the answer has none. */
export function s3Code({ body }: S3Answer): string {
  return element(body.toString('utf8', 0, 4096), 'Code') ?? ''
}

/** A refusal in the server's own words. */
export function s3Cause(answer: S3Answer): Cause {
  const code = s3Code(answer) || `HTTP ${answer.status}`
  const message = element(answer.body.toString('utf8', 0, 4096), 'Message') || code
  return { name: 'S3Error', code, message: message.slice(0, 300) }
}

/** Reads an answer to ListObjectsV2; nothing where it is none, or not all of one. The keys of a replica need no escapes. */
export function readPage({ body }: S3Answer): S3Page | undefined {
  const text = body.toString()
  if (!/<ListBucketResult[\s>]/.test(text) || !/<\/ListBucketResult>\s*$/.test(text)) return undefined
  const keys = [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = '']) => key)
  if (element(text, 'IsTruncated') !== 'true') return { keys }
  const next = element(text, 'NextContinuationToken')
  return next === undefined ? undefined : { keys, next }
}

function element(text: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
  return found?.replace(
    /&(?:(amp|lt|gt|quot|apos)|#(\d+));/g,
    (_, entity: string | undefined, number: string) =>
      entity === undefined ? String.fromCodePoint(Number(number)) : entities[entity]!,
  )
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
