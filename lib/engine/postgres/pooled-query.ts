import type { RawConnection } from '../knex-client.ts'

type Answered = (error: Error | null | undefined, result?: unknown) => void

/** What pg's `query` is called with: a text or settings, then values and a callback, or one of them, or none. */
export type QueryArguments = readonly [query: unknown, values?: unknown, done?: unknown]

interface QueryingClient extends RawConnection {
  query(query: unknown, values: unknown, done: Answered): unknown
  release(error?: unknown): void
}

type Take = (served: (error: Error | null | undefined, client?: RawConnection) => void) => void

/**
 * Whether a statement is one that {@link queryOver} runs as pg's own pool does. It does not know whether a query of another class tells
 * its caller of a connection that ended.
 */
export function isOrdinary([query]: QueryArguments): boolean {
  return typeof query === 'string' || (typeof query === 'object' && query !== null && !('submit' in query))
}

/**
 * Runs a statement on a connection of the pool, and gives that back, as `query` of pg's pool does, but without a listener that is added
 * and removed with each: a client tells the queries on it of what ends it.
 */
export function queryOver(take: Take, [query, values, done]: QueryArguments): Promise<unknown> | undefined {
  if (typeof values === 'function') return queryOver(take, [query, undefined, values])
  if (typeof done === 'function') {
    run(take, query, values, done as Answered)
    return undefined
  }
  const answer = new Promise((resolve, reject) => {
    run(take, query, values, (error, result) => (error ? reject(error) : resolve(result)))
  })
  return answer.catch((error: Error) => {
    // The stack leads to whoever asked, not to the socket.
    Error.captureStackTrace(error)
    throw error
  })
}

function run(take: Take, query: unknown, values: unknown, done: Answered): void {
  take((refusal, connection) => {
    if (refusal) return done(refusal)
    const client = connection as QueryingClient
    let isOver = false
    const end: Answered = (error, result) => {
      // What cannot be sent fails, and what came of sending the half of it fails again.
      if (isOver) return
      isOver = true
      client.release(error)
      done(error, result)
    }
    try {
      client.query(query, values, end)
    } catch (error) {
      end(error as Error)
    }
  })
}
