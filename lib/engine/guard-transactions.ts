import { problem } from '../problem/problem.ts'
import { describeCause } from './errors/describe-cause.ts'
import type { KnexAnswer, KnexClient, KnexTransaction, RawConnection } from './knex-client.ts'
import { ProblemError } from './problem-error.ts'
import { within } from './time.ts'

/** The longest that cleaning up after a failure may take, in milliseconds. A connection that takes longer is dropped. */
const cleanUpTimeoutMs = 5000

/** What is looked at in an error of a driver. */
export interface DriverError {
  readonly code?: unknown
  readonly errno?: unknown
  readonly message?: unknown
}

/** What differs between the transactions of the databases. */
export interface TransactionRules {
  /** The statement that begins a transaction, in place of knex's. */
  readonly begin?: (transaction: { readonly readOnly?: boolean }) => string
  /** Whether the database has rolled the whole transaction back by itself, so that later statements would commit alone. */
  readonly endsTransaction?: (error: DriverError) => boolean
  /** Whether the server answered COMMIT with ROLLBACK. */
  readonly wasRolledBack?: (response: unknown) => boolean
  /** Whether the release of a savepoint failed because there is nothing left to release. */
  readonly isReleased?: (error: DriverError) => boolean
  /** Whether a ROLLBACK failed because there is nothing left to roll back. */
  readonly isRolledBack?: (error: DriverError) => boolean
}

/**
 * Guards the transactions of a client, in every form of `knex.transaction`, nested ones included:
 *
 * - a COMMIT that failed, or that the server answered with ROLLBACK, rejects;
 * - a transaction that the database has rolled back by itself (a deadlock, a full disk) takes no more statements and
 *   cannot commit;
 * - a BEGIN that failed rejects, and the callback never runs;
 * - no open transaction goes back to the pool: it is rolled back, or its connection is dropped;
 * - the error is the first one, not that of cleaning up.
 *
 * @param client - the client behind a knex, on any dialect.
 */
export function guardTransactions(client: KnexClient, rules: TransactionRules): void {
  // Not bound: knex also calls it on objects that inherit from the client.
  // oxlint-disable-next-line typescript/unbound-method
  const transaction = client.transaction
  client.transaction = function (container, config, outer) {
    const made = transaction.call(this, container, config, outer)
    // A transaction begins a microtask after it was made, so this is in time.
    guard(made, outer ? nestedVerbs(made) : outerVerbs, rules)
    return made
  }
}

interface Verbs {
  readonly begin: 'begin' | 'savepoint'
  readonly commit: 'commit' | 'release'
  readonly rollback: 'rollback' | 'rollbackTo'
  readonly commitSql: string
  readonly rollbackSql: string
}

const outerVerbs: Verbs = {
  begin: 'begin',
  commit: 'commit',
  rollback: 'rollback',
  commitSql: 'COMMIT;',
  rollbackSql: 'ROLLBACK',
}

function nestedVerbs({ txid }: KnexTransaction): Verbs {
  return {
    begin: 'savepoint',
    commit: 'release',
    rollback: 'rollbackTo',
    commitSql: `RELEASE SAVEPOINT ${txid};`,
    rollbackSql: `ROLLBACK TO SAVEPOINT ${txid}`,
  }
}

/** Replaces knex's own beginning and ends. */
function guard(transaction: KnexTransaction, verbs: Verbs, rules: TransactionRules): void {
  const statement = verbs.begin === 'begin' ? rules.begin : undefined
  const begin = strictly(transaction, transaction[verbs.begin], statement)
  const ending = new Ending(transaction, verbs, rules)
  transaction[verbs.begin] = async (connection) => {
    guardTransactions(transaction.trxClient, rules)
    await begin(connection).catch(async (error: unknown) => {
      await cleanUp(transaction, connection, verbs, rules)
      throw error
    })
  }
  transaction[verbs.commit] = (connection, value) => ending.commit(connection, value)
  transaction[verbs.rollback] = (connection, error) => ending.rollback(connection, error)
}

/** How one transaction ends: once. */
class Ending {
  readonly #transaction: KnexTransaction
  readonly #verbs: Verbs
  readonly #rules: TransactionRules
  #outcome: 'open' | 'committed' | 'rolled back' = 'open'
  #firstError: unknown
  #fatalError: unknown

  constructor(transaction: KnexTransaction, verbs: Verbs, rules: TransactionRules) {
    this.#transaction = transaction
    this.#verbs = verbs
    this.#rules = rules
    transaction.on('query-error', (error) => {
      this.#firstError ??= error
      if (!rules.endsTransaction?.(error as DriverError)) return
      this.#fatalError ??= error
      transaction._completed = true
    })
  }

  async commit(connection: RawConnection, value: unknown): Promise<unknown> {
    if (this.#outcome === 'committed') return undefined
    if (this.#outcome === 'rolled back') throw new Error('The transaction was rolled back already')
    this.#outcome = 'rolled back'
    try {
      const answer = await this.#tryCommit(connection)
      this.#outcome = 'committed'
      this.#transaction._resolver(value)
      return answer
    } catch (error) {
      await cleanUp(this.#transaction, connection, this.#verbs, this.#rules)
      this.#transaction._rejecter(error)
      throw error
    }
  }

  async #tryCommit(connection: RawConnection): Promise<unknown> {
    if (this.#fatalError) throw rolledBack(this.#fatalError)
    const before = this.#firstError
    try {
      const answer = await commit(this.#transaction, connection, this.#verbs, this.#rules)
      if (this.#rules.wasRolledBack?.(answer?.response)) throw rolledBack(before)
      return answer
    } catch (error) {
      if (before !== undefined) (error as Error).cause ??= describeCause(before)
      throw error
    }
  }

  async rollback(connection: RawConnection, error: unknown): Promise<void> {
    if (this.#outcome !== 'open') return
    this.#outcome = 'rolled back'
    const transaction = this.#transaction
    transaction._completed = true
    await cleanUp(transaction, connection, this.#verbs, this.#rules)
    if (error === undefined && transaction.doNotRejectOnRollback) transaction._resolver()
    else transaction._rejecter(error ?? new Error(`Transaction rejected with non-error: ${String(error)}`))
  }
}

/** knex's own `begin`, with a `query` that passes errors on in place of hiding them. */
function strictly(
  transaction: KnexTransaction,
  begin: KnexTransaction['begin'],
  statement: TransactionRules['begin'],
): KnexTransaction['begin'] {
  const query = (connection: RawConnection, sql: string): Promise<unknown> =>
    transaction.trxClient.query(connection, sql)
  if (statement) return (connection) => query(connection, statement(transaction))
  return (connection) => begin.call(Object.create(transaction, { query: { value: query } }), connection)
}

async function commit(
  transaction: KnexTransaction,
  connection: RawConnection,
  verbs: Verbs,
  rules: TransactionRules,
): Promise<KnexAnswer | undefined> {
  const answer = transaction.trxClient.query(connection, verbs.commitSql)
  transaction._completed = true
  return answer.catch((error: unknown) => {
    if (verbs.commit === 'release' && rules.isReleased?.(error as DriverError)) return undefined
    throw error
  })
}

/** Leaves no transaction open on the connection; where that fails, the pool drops it. */
async function cleanUp(
  transaction: KnexTransaction,
  connection: RawConnection,
  verbs: Verbs,
  rules: TransactionRules,
): Promise<void> {
  try {
    await within(cleanUpTimeoutMs, queryAfterEnd(transaction, connection, verbs.rollbackSql))
  } catch (error) {
    // A nested transaction leaves the connection to the outer one.
    const isClean = rules.isRolledBack?.(error as DriverError) === true
    if (!isClean && verbs.rollback === 'rollback') connection.__knex__disposed = error
  }
}

/** Past the transaction's own check that it is not over, and heard by its listeners. */
async function queryAfterEnd(
  { trxClient }: KnexTransaction,
  connection: RawConnection,
  sql: string,
): Promise<unknown> {
  const { query } = Object.getPrototypeOf(trxClient) as KnexClient
  return await query.call(trxClient, connection, sql)
}

function rolledBack(cause: unknown): ProblemError {
  const target = 'The transaction was rolled back, not committed: the database'
  return new ProblemError(problem('query-failed', { target }), { cause })
}
