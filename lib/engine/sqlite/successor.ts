import type { Knex } from 'knex'
import type { Problem } from '../../problem/problem.ts'
import { clientOf, type KnexRunner, type KnexTransaction } from '../knex-client.ts'
import { ProblemError } from '../problem-error.ts'

/** Refuses what has not begun on a stand-in that was left. */
export class StandInLeft extends ProblemError {
  /** What took over, until the stand-in is closed. */
  readonly successor: Knex | undefined

  constructor(problem: Problem, successor: Knex | undefined) {
    super(problem)
    this.successor = successor
  }
}

/** Nothing of a statement has happened before it has a connection: one that was refused by then goes on with what took over. */
export function followSuccessor(runner: KnexRunner): KnexRunner {
  const { ensureConnection } = runner
  runner.ensureConnection = async (work, params) => {
    try {
      return await ensureConnection.call(runner, work, params)
    } catch (error) {
      const successor = successorIn(error, runner.connection)
      if (!successor) throw error
      runner.builder.client = clientOf(successor)
      runner.client = clientOf(successor).runner(runner.builder).client
      return await ensureConnection.call(runner, work, params)
    }
  }
  return runner
}

/** The same for a transaction, whose work begins once it has a connection. */
export function followSuccessorWith(transaction: KnexTransaction): KnexTransaction {
  const { _evaluateContainer: evaluate } = transaction
  transaction._evaluateContainer = async (config, container) => {
    try {
      return await evaluate.call(transaction, config, container)
    } catch (error) {
      const successor = successorIn(error, transaction.trxClient)
      if (!successor) throw error
      return await clientOf(successor).transaction(container, config)
    }
  }
  return transaction
}

function successorIn(error: unknown, connection: unknown): Knex | undefined {
  return error instanceof StandInLeft && connection === undefined ? error.successor : undefined
}
