/** Problems of a SQLite file. A row without a `reason` becomes `unreachable`. */
export const sqliteProblems = {
  'sqlite-directory-missing': {
    retryable: false,
    message: '{target} cannot be created: its directory does not exist and cannot be made.',
    hint: 'Create the directory and give it to the user that runs the program.',
  },
  'sqlite-cannot-open': {
    retryable: false,
    message: '{target} cannot be opened.',
    hint: 'Check that it is a file, and that the user that runs the program may read and write it and its directory.',
  },
  'sqlite-read-only': {
    retryable: false,
    message: '{target} cannot be written.',
    hint: 'Give the file and its directory to the user that runs the program: SQLite writes beside the file too.',
  },
  'sqlite-full': {
    retryable: true,
    message: '{target} cannot grow: the disk is full.',
    hint: 'Free some space. Nothing that was acknowledged is lost.',
  },
  'sqlite-corrupt': {
    retryable: false,
    message: '{target} is damaged.',
    hint: 'Keep a copy, then restore a backup, or recover it with the sqlite3 program: .recover',
  },
  'sqlite-not-a-database': {
    retryable: false,
    message: '{target} is not a SQLite database.',
    hint: 'Check the path: it names a file of another kind, which was left untouched.',
  },
  'sqlite-busy': {
    retryable: true,
    message: '{target} is locked by another writer.',
    hint: 'Keep write transactions short, and let only one program write to the file.',
  },
  'sqlite-ephemeral': {
    severity: 'noted',
    retryable: false,
    message: '{target} is temporary: its rows are lost {when}.',
    hint: '{advice}',
  },
  'fallback-has-data': {
    severity: 'noted',
    retryable: false,
    message: '{target} already holds rows from an earlier fallback.',
    hint: 'Move them to the real database, or delete the file once they are not needed.',
  },
  'query-outside-transaction': {
    retryable: false,
    message: '{target} got a query beside an open transaction that could only have waited for itself.',
    hint: 'Pass the transaction: trx("table")… or Model.query(trx), not the handle.',
  },
} as const
