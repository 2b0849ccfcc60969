import { fileURLToPath } from 'node:url'
import { problem, type Problem } from '../problem/problem.ts'

/** A directory that holds the copy of a SQLite file. */
export interface DirectoryAddress {
  readonly kind: 'directory'
  /** Absolute. */
  readonly directory: string
}

/** Where a replica is, or why its address cannot be used. */
export type ReplicaAddressReading =
  | { readonly ok: true; readonly address: DirectoryAddress }
  | { readonly ok: false; readonly problem: Problem }

/**
 * Reads the address of a replica.
 *
 * @param text - such as `file:///data/todo`.
 * @param subject - the option or the variable that holds it.
 */
export function readReplicaAddress(text: string, subject: string): ReplicaAddressReading {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'file:' && /^file:\/\/\/[^?#]+$/i.test(text)) {
    return {
      ok: true,
      address: { kind: 'directory', directory: fileURLToPath(url).replace(/(?<=.)\/+$/, '') },
    }
  }
  return refuse(subject)
}

function refuse(subject: string): ReplicaAddressReading {
  const expected = 'file:///DIRECTORY or s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION'
  return { ok: false, problem: problem('invalid-parameter', { subject, parameter: 'replica', expected }) }
}
