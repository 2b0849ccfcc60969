import type { KnexClient, RawConnection } from './knex-client.ts'

/**
 * Takes a connection at rest out of a client's pool, where nobody waits for one; `undefined` where the pool has to be asked. The pool's own way
 * makes two timers and a dozen promises, for which each statement would pay.
 *
 * @param isReady - whether a connection may be handed out without a question to it.
 */
export function takeAtRest(
  client: KnexClient,
  isReady: (connection: RawConnection) => boolean,
): RawConnection | undefined {
  const { pool } = client
  const rest = pool?.free?.at(-1)
  if (!pool || !rest || pool.destroyed || pool.numPendingAcquires() > 0 || hasOwnChecks(client))
    return undefined
  const { resource: connection } = rest
  if (connection.__knex__disposed || !isReady(connection)) return undefined
  // Who listens hears what the pool itself tells, while it does what it tells of.
  if (pool.emitter.eventNames().length > 0) return undefined
  pool.free.pop()
  pool.used.push(rest)
  pool._startReaping()
  return connection
}

/** Whether the program has knex look at each connection before it is handed out. */
function hasOwnChecks({ config }: KnexClient): boolean {
  const { validate, maxConnectionLifetimeMillis } = (config['pool'] ?? {}) as Record<string, unknown>
  return validate !== undefined || maxConnectionLifetimeMillis !== undefined
}
