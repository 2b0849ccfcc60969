import type { Knex } from 'knex'
import type { KnexClient, KnexPool, RawConnection } from './knex-client.ts'

/** Pools of which the program has nobody look at a connection before it is handed out. */
const unchecked = new WeakSet<KnexPool>()

/** What a pool was made from: `initialize()` may be given another config than its client has. */
interface PoolOrigin extends Pick<Knex.Config, 'pool'> {
  readonly connectionPool?: unknown
}

/** Learns of a pool that was just made who looks at its connections. */
export function noteChecks(pool: KnexPool | undefined, { pool: settings, connectionPool }: PoolOrigin): void {
  const { validate, maxConnectionLifetimeMillis } = (settings ?? {}) as Record<string, unknown>
  if (pool && !connectionPool && validate === undefined && maxConnectionLifetimeMillis === undefined)
    unchecked.add(pool)
}

/**
 * Takes a connection at rest out of a client's pool, where nobody waits for one; `undefined` where the pool has to be asked. The pool's own way
 * makes two timers and a dozen promises, for which each statement would pay.
 *
 * @param isReady - whether a connection may be handed out without a question to it.
 */
export function takeAtRest(
  { pool }: KnexClient,
  isReady: (connection: RawConnection) => boolean,
): RawConnection | undefined {
  if (!pool || !unchecked.has(pool) || pool.destroyed || pool.numPendingAcquires() > 0) return undefined
  // Who listens hears what the pool itself tells, while it does what it tells of.
  if (pool.emitter.eventNames().length > 0) return undefined
  const rest = pool.free.at(-1)
  if (!rest || rest.resource.__knex__disposed || !isReady(rest.resource)) return undefined
  pool._startReaping()
  pool.free.pop()
  pool.used.push(rest)
  return rest.resource
}
