import type { TransactionRules } from '../guard-transactions.ts'

/** Once a statement has failed, PostgreSQL answers COMMIT with ROLLBACK. */
export const postgresTransactions: TransactionRules = {
  wasRolledBack: (response) => (response as { command?: string } | undefined)?.command === 'ROLLBACK',
}
