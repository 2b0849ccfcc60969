import type { Refusal } from '../errors/refusal.ts'

/** What an error of the system means, whether SQLite meets it or the preparation of its file. */
export const systemWords = {
  disk: {
    message: '{target} cannot be read or written now: its disk answered with an error.',
    hint: 'Look at the disk, its mount and its limits, and at the log of the system.',
  },
  locks: {
    message: '{target} cannot be used now: its file system gives no locks.',
    hint: 'Look at the mount and at its lock service (NFS, SMB, FUSE), or put the file on a local disk.',
  },
  memory: {
    message: '{target} cannot be used now: this program has no memory left for it.',
    hint: 'Give the program more memory, or look for what uses it up.',
  },
} as const

/** SQLite's result codes, without their extension (SQLite documentation, "Result and Error Codes"). */
export const sqliteErrors: readonly Refusal[] = [
  { code: 'SQLITE_NOMEM SQLITE_IOERR_NOMEM', is: 'sqlite-cannot-open', ...systemWords.memory },
  {
    code: 'SQLITE_IOERR_LOCK SQLITE_IOERR_RDLOCK SQLITE_IOERR_UNLOCK SQLITE_IOERR_CHECKRESERVEDLOCK SQLITE_IOERR_SHMLOCK',
    is: 'sqlite-cannot-open',
    ...systemWords.locks,
  },
  {
    code: 'SQLITE_IOERR_SHMOPEN SQLITE_IOERR_SHMSIZE SQLITE_IOERR_SHMMAP',
    is: 'sqlite-cannot-open',
    message: '{target} cannot be used now: the shared memory beside it (-shm) cannot be made.',
    hint: 'Look whether the disk is full, or a network mount, which has no shared memory: put the file on a local disk.',
  },
  { code: 'SQLITE_IOERR', is: 'sqlite-cannot-open', ...systemWords.disk },
  {
    code: 'SQLITE_NOLFS',
    is: 'sqlite-full',
    message: '{target} cannot grow: this system keeps no files of that size.',
    hint: 'Move it to a file system that keeps files of more than 2 GB.',
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
