import type { TransactionRules } from '../guard-transactions.ts'

const ended = new WeakSet<object>()

/** Notes that the transaction in which this error came up is over. */
export function noteEnded(error: object): void {
  ended.add(error)
}

/** SQLite rolls a transaction back by itself where the disk or the memory fails it. Writers queue from the start, so that none fails later. */
export const sqliteTransactions: TransactionRules = {
  begin: ({ readOnly }) => (readOnly ? 'BEGIN;' : 'BEGIN IMMEDIATE;'),
  endsTransaction: (error) =>
    ended.has(error) || /^SQLITE_(FULL|IOERR\w*|NOMEM|CORRUPT\w*)$/.test(String(error.code)),
  isRolledBack: ({ message }) => /no transaction is active/.test(String(message)),
}
