import type { Knex } from 'knex'
import { settleBy } from '../engine/time.ts'
import { aFunction, anAbortSignal, aBoolean, checkOptions, type OptionChecks } from '../url/option-checks.ts'
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
 * Runs work on one engine, from start to end. Each request waits for this: a promise more is seen.
 *
 * @param pin - connects, and holds the engine in place.
 * @throws TypeError that names a wrong argument.
 */
export async function runSession<T>(
  pin: () => Promise<Pin>,
  work: Work<T>,
  options: DatabaseSessionOptions<T>,
): Promise<T> {
  aFunction('work', work)
  checkOptions('options', options as Options, sessionOptions)
  const { signal } = options
  return signal ? await holdUntil(signal, pin, work, options) : await hold(pin(), work, options)
}

/** The engine is held until the rollback is through, also where nobody waits for it any more. */
async function hold<T>(pinning: Promise<Pin>, work: Work<T>, options: DatabaseSessionOptions<T>): Promise<T> {
  const { knex, release } = await pinning
  try {
    // A query builder runs each time that it is waited for: here once.
    return await (options.transaction ? inTransaction(knex, work, options) : work(knex))
  } finally {
    release()
  }
}

/** The same, but no longer than until an abort and the rollback that follows. */
async function holdUntil<T>(
  signal: AbortSignal,
  pin: () => Promise<Pin>,
  work: Work<T>,
  options: DatabaseSessionOptions<T>,
): Promise<T> {
  signal.throwIfAborted()
  const end = new End(signal)
  try {
    const running = hold(pinOr(end, pin()), (knex) => end.or(begin(work, knex)), options)
    return await end.or(running).catch(async (error: unknown) => {
      if (!signal.aborted) throw error
      await settleBy(running, rollbackMs)
      return await end.or(running)
    })
  } finally {
    end.forget()
  }
}

/** The end that a signal puts to a session. One listener serves all that is waited for: each costs as much as a short query. */
class End {
  readonly #signal: AbortSignal
  readonly #aborted: Promise<never>
  #abort!: () => void

  constructor(signal: AbortSignal) {
    this.#signal = signal
    this.#aborted = new Promise((_, reject) => (this.#abort = () => reject(signal.reason as Error)))
    // Nobody need be waiting when it comes.
    this.#aborted.catch(nothing)
    signal.addEventListener('abort', this.#abort, { once: true })
  }

  /** Settles as the promise does, or rejects with the reason of the signal, whichever comes first. */
  async or<T>(promise: Promise<T>): Promise<T> {
    return await Promise.race([promise, this.#aborted])
  }

  /** Listens no more. */
  forget(): void {
    this.#signal.removeEventListener('abort', this.#abort)
  }
}

function nothing(): void {}

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
  { commitIf = () => true }: DatabaseSessionOptions<T>,
): Promise<T> {
  try {
    return await knex.transaction(async (trx) => {
      try {
        const result = await work(trx)
        if (!commitIf(result)) throw new RolledBack(result)
        return result
      } catch (error) {
        // knex takes a rejection without a reason for a rollback that was asked for, and resolves.
        throw error ?? new Error('The work of the transaction was rejected without a reason.')
      }
    })
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T
    throw error
  }
}

/** A pin that comes too late is given back. */
async function pinOr(end: End, pinning: Promise<Pin>): Promise<Pin> {
  try {
    return await end.or(pinning)
  } catch (error) {
    void pinning.then(
      (pin) => pin.release(),
      () => undefined,
    )
    throw error
  }
}
