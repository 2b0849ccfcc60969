import { describeCause } from '../engine/errors/describe-cause.ts'
import { ProblemError } from '../engine/problem-error.ts'
import { WaitTimeout, within } from '../engine/time.ts'
import { problem } from '../problem/problem.ts'

/** How long one request to a replica may take, in milliseconds. */
export const requestTimeoutMs = 10_000

/** What a person is told where the error's own words are short. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: 'this user lacks the permission',
  EPERM: 'this user lacks the permission',
  EROFS: 'it is mounted read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  ENOTDIR: 'it is no directory',
  ENOENT: 'there is no such directory',
  ENOTCONN: 'the program behind the mount has ended',
  EIO: 'the disk failed',
  ECONNREFUSED: 'nothing listens at its address',
  ECONNRESET: 'the connection was cut off',
  ENOTFOUND: 'its host name cannot be found',
  EAI_AGAIN: 'its host name cannot be found now',
}

/**
 * The error of a request that a replica did not answer as asked.
 *
 * @param name - the replica, as a person is shown it.
 * @param error - what came instead.
 */
export function replicaFailure(name: string, error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof WaitTimeout) return replicaUnreachable(name, 'it does not answer')
  const cause = describeCause(error)
  const why = meanings[cause.code ?? ''] ?? 'the request failed'
  return new ProblemError(problem('replica-unreachable', { target: `The replica ${name}`, why }, { cause }))
}

/** The error of a replica of which more is known than an error says. */
export function replicaUnreachable(name: string, why: string): ProblemError {
  return new ProblemError(problem('replica-unreachable', { target: `The replica ${name}`, why }))
}

/** Settles as the request does, or rejects with the problem of a replica that failed or stays silent. */
export async function ask<T>(name: string, request: Promise<T>): Promise<T> {
  try {
    return await within(requestTimeoutMs, request)
  } catch (error) {
    throw replicaFailure(name, error)
  }
}
