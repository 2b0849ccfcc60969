import type { Knex } from 'knex'
import { settleBy } from '../engine/time.ts'
import {
  aFunction,
  anAbortSignal,
  aBoolean,
  checkOptions,
  type OptionChecks,
} from '../resolve/option-checks.ts'
import type { DatabaseSessionOptions, Pin } from './database.ts'

/** How long a session that was aborted waits for its rollback, in milliseconds. */
const rollbackMs = 1000

type Options = DatabaseSessionOptions<unknown>
type Work<T> = (knex: Knex) => Promise<T>

const sessionOptions: OptionChecks<Options> = {
  transaction: aBoolean,
  commitIf: aFunction,
  signal: anAbortSignal,
}

/**
 * Runs work on one engine, from start to end.
 *
 * @param pin - connects, and holds the engine in place.
 */
export async function runSession<T>(
  pin: () => Promise<Pin>,
  work: Work<T>,
  options: DatabaseSessionOptions<T>,
): Promise<T> {
  aFunction('work', work)
  checkOptions('options', options as Options, sessionOptions)
  const { signal } = options
  signal?.throwIfAborted()
  const { knex, release } = await pinOrAborted(pin(), signal)
  const run = options.transaction ? inTransaction : withoutTransaction
  // The engine is held until the rollback is through, also where nobody waits for it any more.
  const running = run(knex, work, options).finally(release)
  await settleBy(running, Infinity, signal)
  if (signal?.aborted) await settleBy(running, rollbackMs)
  return await orAborted(running, signal)
}

async function withoutTransaction<T>(
  knex: Knex,
  work: Work<T>,
  { signal }: DatabaseSessionOptions<T>,
): Promise<T> {
  return await orAborted(begin(work, knex), signal)
}

/** A query builder runs each time that it is waited for: here once. */
async function begin<T>(work: Work<T>, knex: Knex): Promise<T> {
  return await work(knex)
}

/** Carries a result out of a transaction that must roll back. */
class RolledBack<T> extends Error {
  readonly result: T

  constructor(result: T) {
    super('rolled back')
    this.result = result
  }
}

async function inTransaction<T>(
  knex: Knex,
  work: Work<T>,
  { commitIf = () => true, signal }: DatabaseSessionOptions<T>,
): Promise<T> {
  try {
    return await knex.transaction(async (trx) => {
      const result = await orAborted(begin(work, trx), signal)
      if (!commitIf(result)) throw new RolledBack(result)
      return result
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T
    throw error
  }
}

/** Settles as the promise does, or rejects with the reason of the signal, whichever comes first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  await settleBy(promise, Infinity, signal)
  return await (signal?.aborted ? Promise.race([promise, Promise.reject<T>(signal.reason)]) : promise)
}

/** A pin that comes too late is given back. */
async function pinOrAborted(pinning: Promise<Pin>, signal: AbortSignal | undefined): Promise<Pin> {
  try {
    return await orAborted(pinning, signal)
  } catch (error) {
    void pinning.then(
      (pin) => pin.release(),
      () => undefined,
    )
    throw error
  }
}
