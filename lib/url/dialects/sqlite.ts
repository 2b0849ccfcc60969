import { amount, anyCase, duration, oneOf, oneOfWords } from '../value-types.ts'
import type { FileKind } from './kind.ts'
import { ignored, parameterTable, saysOfSqlite, type ParameterTable } from './parameter.ts'

const journalMode = oneOf(
  { wal: 'wal', delete: 'delete', truncate: 'truncate', persist: 'persist' } as const,
  'wal, delete, truncate or persist: with the others a transaction cannot always be rolled back',
)
const synchronous = oneOf(
  { off: 0, 0: 0, normal: 1, 1: 1, full: 2, 2: 2, extra: 3, 3: 3 } as const,
  'off, normal, full or extra',
)
const onOrOff = oneOf(
  { off: false, no: false, false: false, 0: false, on: true, yes: true, true: true, 1: true },
  'on or off',
)

const parameters: ParameterTable = parameterTable({
  journal_mode: saysOfSqlite('journalMode', journalMode),
  synchronous: saysOfSqlite('synchronous', synchronous),
  busy_timeout: saysOfSqlite('busyTimeoutMs', duration('ms')),
  foreign_keys: saysOfSqlite('foreignKeys', onOrOff),
  journal_size_limit: saysOfSqlite('journalSizeLimitBytes', amount('bytes')),
  mode: saysOfSqlite('mode', oneOfWords('ro', 'rw', 'rwc', 'memory')),
  ...ignored('cache', 'each connection has a cache of its own', anyCase(oneOfWords('shared', 'private'))),
  ...ignored('immutable nolock uri vfs', 'the file is opened as a file, with its locks'),
})

/** SQLite. */
export const sqlite: FileKind = {
  dialect: 'sqlite',
  name: 'SQLite',
  scheme: 'sqlite',
  schemes:
    'sqlite sqlite3 sq moderncsqlite modernsqlite modernc mq spatialite better-sqlite3 node-sqlite'.split(
      ' ',
    ),
  example: 'sqlite:file.db',
  memoryWhenBare: true,
  parameters,
}

/** SQLite as a file, which must be named. */
export const file: FileKind = { ...sqlite, schemes: ['file'], memoryWhenBare: false }
