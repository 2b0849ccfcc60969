import type { TransactionRules } from '../guard-transactions.ts'

/** "SAVEPOINT does not exist", because a schema statement committed the transaction behind its back. */
const savepointGone = 1305

/** MySQL rolls the whole transaction back for a deadlock, and commits it for a schema statement. */
export const mysqlTransactions: TransactionRules = {
  endsTransaction: ({ code }) => code === 'ER_LOCK_DEADLOCK',
  isReleased: ({ errno }) => errno === savepointGone,
}
