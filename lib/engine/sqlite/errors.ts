import type { Refusal } from '../errors/refusal.ts'

/** SQLite's result codes, without their extension (SQLite documentation, "Result and Error Codes"). */
export const sqliteErrors: readonly Refusal[] = [
  {
    code: 'SQLITE_IOERR',
    is: 'sqlite-cannot-open',
    message: '{target} cannot be read or written now: its disk answered with an error.',
    hint: 'Look at the disk, its mount and its limits, and at the log of the system.',
  },
  { code: 'SQLITE_CANTOPEN SQLITE_PERM SQLITE_AUTH', is: 'sqlite-cannot-open' },
  {
    code: 'SQLITE_READONLY_DBMOVED',
    is: 'sqlite-read-only',
    message: '{target} was moved or removed while it was open.',
    hint: 'Put the file back, or start the program anew.',
  },
  { code: 'SQLITE_READONLY', is: 'sqlite-read-only' },
  { code: 'SQLITE_FULL', is: 'sqlite-full' },
  {
    code: 'SQLITE_CORRUPT',
    says: /malformed database schema/,
    is: 'sqlite-corrupt',
    message:
      '{target} has a schema that this SQLite cannot read: it is damaged, or was made by a newer SQLite.',
    hint: 'Try it with a newer driver first. If that fails too, put a backup in its place, or read what can be read with .recover of the sqlite3 shell.',
  },
  { code: 'SQLITE_CORRUPT', is: 'sqlite-corrupt' },
  { code: 'SQLITE_NOTADB', is: 'sqlite-not-a-database' },
  { code: 'SQLITE_BUSY SQLITE_LOCKED SQLITE_PROTOCOL', is: 'sqlite-busy' },
  { code: 'SQLITE_MISUSE', says: /closed/i, is: 'closed' },
]
