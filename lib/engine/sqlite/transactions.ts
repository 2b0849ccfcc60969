import type { TransactionRules } from '../guard-transactions.ts'

/** SQLite rolls a transaction back by itself where the disk or the memory fails it. Writers queue from the start, so that none fails later. */
export const sqliteTransactions: TransactionRules = {
  begin: ({ readOnly }) => (readOnly ? 'BEGIN;' : 'BEGIN IMMEDIATE;'),
  endsTransaction: ({ code }) => /^SQLITE_(FULL|IOERR\w*|NOMEM|CORRUPT\w*)$/.test(String(code)),
  isRolledBack: ({ message }) => /no transaction is active/.test(String(message)),
}
