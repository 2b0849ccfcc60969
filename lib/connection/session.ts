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
  const end = new End(signal)
  try {
    const { knex, release } = await pinOr(end, pin())
    const run = options.transaction ? inTransaction : withoutTransaction
    // The engine is held until the rollback is through, also where nobody waits for it any more.
    const running = run(knex, work, options, end).finally(release)
    return await end.or(running).catch(async (error: unknown) => {
      if (!signal?.aborted) throw error
      await settleBy(running, rollbackMs)
      return await end.or(running)
    })
  } finally {
    end.forget()
  }
}

/** The end that a signal puts to a session. One listener serves all that is waited for: each costs as much as a short query. */
class End {
  readonly #signal: AbortSignal | undefined
  readonly #aborted: Promise<never> | undefined
  #abort: (() => void) | undefined

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
    if (!signal) return
    this.#aborted = new Promise((_, reject) => (this.#abort = () => reject(signal.reason as Error)))
    // Nobody need be waiting when it comes.
    this.#aborted.catch(nothing)
    signal.addEventListener('abort', this.#abort as () => void, { once: true })
  }

  /** Settles as the promise does, or rejects with the reason of the signal, whichever comes first. */
  async or<T>(promise: Promise<T>): Promise<T> {
    return await (this.#aborted ? Promise.race([promise, this.#aborted]) : promise)
  }

  /** Listens no more. */
  forget(): void {
    if (this.#abort) this.#signal?.removeEventListener('abort', this.#abort)
  }
}

function nothing(): void {}

async function withoutTransaction<T>(
  knex: Knex,
  work: Work<T>,
  _options: DatabaseSessionOptions<T>,
  end: End,
): Promise<T> {
  return await end.or(begin(work, knex))
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
  { commitIf = () => true }: DatabaseSessionOptions<T>,
  end: End,
): Promise<T> {
  try {
    return await knex.transaction(async (trx) => {
      const result = await end.or(begin(work, trx))
      if (!commitIf(result)) throw new RolledBack(result)
      return result
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
