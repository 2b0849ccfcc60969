import { diskFull } from '../errors/sentences.ts'
import type { Refusal } from '../errors/refusal.ts'

const outOfMemory = {
  message: '{target} has no memory left: {words}',
  hint: 'Lower the number of connections and what each may use at the server (max_connections, sort_buffer_size), or give it more memory.',
} as const

/** 28 and 122 are ENOSPC and EDQUOT; the numbers below 1000 are those of the server's file system. */
const noRoom = /\b(?:errno|errcode|error):? (?:28|122)\b|no space left|disk (?:is )?full|disk quota/i

const memory = 'ER_OUTOFMEMORY 1037 ER_OUT_OF_SORTMEMORY 1038 ER_OUT_OF_RESOURCES 1041 EE_OUTOFMEMORY'

const disk =
  'ER_DISK_FULL 1021 ER_ERROR_ON_WRITE 1026 ER_GET_ERRNO 1030 EE_WRITE EE_DISK_FULL EE_CANTCREATEFILE EE_BADCLOSE'

/** What MySQL and MariaDB say where they lack something: of a statement, and of a login. */
export const resourceErrors: readonly Refusal[] = [
  { code: disk, says: noRoom, afterLogin: true, is: 'query-failed', ...diskFull },
  { code: disk, says: noRoom, atLogin: true, is: 'refused', ...diskFull },
  {
    code: 'ER_RECORD_FILE_FULL 1114',
    says: /'(?<table>[^']*)'/,
    needsCode: true,
    afterLogin: true,
    is: 'query-failed',
    message: '{target} has no room left for the table {table}.',
    hint: 'The disk of the server may be full, or the table at its limit (innodb_data_file_path, tmp_table_size).',
  },
  { code: memory, afterLogin: true, is: 'query-failed', ...outOfMemory },
  { code: memory, atLogin: true, is: 'refused', ...outOfMemory },
  {
    code: 'ER_CANT_GET_STAT 1013 ER_CANT_OPEN_FILE 1016 ER_FILE_NOT_FOUND 1017 ER_CANT_READ_DIR 1018 EE_READ EE_DIR EE_STAT EE_FILENOTFOUND',
    knownLogin: true,
    is: 'refused',
    message: '{target} cannot use its own files: {words}',
    hint: 'Look at the disk of the server, and at the owner and the permissions of its data directory.',
  },
]

/** What they say of a statement that they gave up. */
export const statementErrors: readonly Refusal[] = [
  {
    code: 'ER_LOCK_DEADLOCK 1213',
    afterLogin: true,
    is: 'query-failed',
    message: '{target} gave up a transaction that was in the way of another.',
    hint: 'Run the whole transaction again.',
  },
  {
    code: 'ER_LOCK_WAIT_TIMEOUT 1205',
    afterLogin: true,
    is: 'query-failed',
    message: '{target} gave up a statement that waited for a lock.',
    hint: 'Run it again. If that happens often, look for transactions that stay open, and at innodb_lock_wait_timeout.',
  },
  {
    code: 'ER_QUERY_TIMEOUT 3024 1969',
    afterLogin: true,
    is: 'query-failed',
    message: '{target} gave up a statement that ran longer than it may.',
    hint: 'Make it faster, or raise max_execution_time (MySQL), max_statement_time (MariaDB).',
  },
]
