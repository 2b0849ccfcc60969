import { fileURLToPath } from 'node:url'
import { problem, type Problem } from '../problem/problem.ts'
import { isBlank, type Environment } from './environment.ts'

/** A directory that holds the copy of a SQLite file. */
export interface DirectoryAddress {
  readonly kind: 'directory'
  /** Absolute. */
  readonly directory: string
}

/** A part of a bucket that holds it. */
export interface S3Address {
  readonly kind: 's3'
  /** `https://host` or `https://host/path`, without a slash at the end. */
  readonly endpoint: string
  readonly region: string
  readonly bucket: string
  /** Without slashes around it; empty for the whole bucket. */
  readonly prefix: string
  readonly credentials: S3Credentials
}

/** What signs the requests. */
export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Where a replica is. */
export type ReplicaAddress = DirectoryAddress | S3Address

/** The same, or why what names it cannot be used. */
export type ReplicaAddressReading =
  { readonly ok: true; readonly address: ReplicaAddress } | { readonly ok: false; readonly problem: Problem }

/**
 * Reads the address of a replica.
 *
 * @param text - such as `file:///data/todo`.
 * @param env - holds what belongs to S3 and is not in the address: credentials, region, endpoint.
 * @param subject - the option or the variable that holds it.
 */
export function readReplicaAddress(text: string, env: Environment, subject: string): ReplicaAddressReading {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'file:' && /^file:\/\/\/+[^/?#][^?#]*$/i.test(text))
    return readDirectory(url, subject)
  if (url?.protocol === 's3:' && !url.hash && !url.username && !url.password && !url.port) {
    return readS3(url, env, subject)
  }
  return refuse(subject, 'replica', addresses)
}

const addresses =
  'file:///DIRECTORY or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION, with the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'

function readDirectory(url: URL, subject: string): ReplicaAddressReading {
  try {
    const directory = fileURLToPath(url).replace(/(?<=.)\/+$/, '')
    return { ok: true, address: { kind: 'directory', directory } }
  } catch {
    return refuse(subject, 'replica', addresses)
  }
}

function readS3(url: URL, env: Environment, subject: string): ReplicaAddressReading {
  const unknown = [...url.searchParams.keys()].find((name) => !/^(?:endpoint|region)$/.test(name))
  if (unknown !== undefined) return refuse(subject, 'replica', addresses)
  const bucket = url.hostname
  const prefix = url.pathname.replace(/^\/+|\/+$/g, '')
  if (!/^[\w.-]+$/.test(bucket)) return refuse(subject, 'bucket', 'the name of a bucket: s3://BUCKET/PREFIX')
  if (!/^[\w./-]*$/.test(prefix) || /(?:^|\/)\.{0,2}(?:\/|$)/.test(`x${prefix}`)) {
    return refuse(subject, 'prefix', 'letters, digits and . _ - / in the prefix')
  }
  const region =
    url.searchParams.get('region') ?? variable(env, 'AWS_REGION', 'AWS_DEFAULT_REGION') ?? 'us-east-1'
  const named = url.searchParams.get('endpoint') ?? variable(env, 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL')
  const endpoint = readEndpoint(named ?? `https://s3.${region}.amazonaws.com`)
  if (endpoint === undefined) return refuse(subject, 'endpoint', 'https://HOST, or https://HOST/PATH')
  const credentials = readCredentials(env)
  if (!credentials)
    return refuse(
      subject,
      'AWS_ACCESS_KEY_ID',
      'a key and its secret: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    )
  return { ok: true, address: { kind: 's3', endpoint, region, bucket, prefix, credentials } }
}

function readEndpoint(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  if (url.username || url.password || url.search || url.hash) return undefined
  return url.href.replace(/\/+$/, '')
}

function readCredentials(env: Environment): S3Credentials | undefined {
  const accessKeyId = variable(env, 'AWS_ACCESS_KEY_ID')
  const secretAccessKey = variable(env, 'AWS_SECRET_ACCESS_KEY')
  const sessionToken = variable(env, 'AWS_SESSION_TOKEN')
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}

function variable(env: Environment, ...names: readonly string[]): string | undefined {
  const name = names.find((each) => !isBlank(env[each]))
  return name === undefined ? undefined : String(env[name]).trim()
}

function refuse(subject: string, parameter: string, expected: string): ReplicaAddressReading {
  return { ok: false, problem: problem('invalid-parameter', { subject, parameter, expected }) }
}
