import { diskFull } from '../errors/sentences.ts'
import type { Refusal } from '../errors/refusal.ts'

const outOfMemory = {
  message: '{target} has no memory left: {words}',
  hint: 'Lower the number of connections and what each may use at the server (max_connections, work_mem), or give it more memory.',
} as const

const sharedMemoryFull = {
  message: '{target} has no room left in its shared memory: {words}',
  hint: 'Give it more: shm_size in a Compose file, --shm-size of docker run, or a larger /dev/shm.',
} as const

const sizeReached = {
  message: '{target} has reached the size that its provider allows: {words}',
  hint: 'Delete rows that nobody needs, or raise the limit or the plan in the console of the provider.',
} as const

const damaged = {
  message: '{target} says that its files are damaged: {words}',
  hint: 'Keep a copy of its data directory, then restore a backup.',
} as const

const files = {
  atLogin: true,
  is: 'refused',
  message: '{target} cannot use its own files: {words}',
  hint: 'Look at the disk of the server, and at the owner and the permissions of its data directory.',
} as const

/** What PostgreSQL says where it lacks something, or is damaged: of a login, and of a statement. */
export const resourceErrors: readonly Refusal[] = [
  { code: '53100', says: /(project|cluster) size limit/, atLogin: true, is: 'access-denied', ...sizeReached },
  {
    code: '53100',
    says: /(project|cluster) size limit/,
    afterLogin: true,
    is: 'query-failed',
    ...sizeReached,
  },
  { code: '53100', says: /shared memory segment/, atLogin: true, is: 'refused', ...sharedMemoryFull },
  { code: '53100', says: /shared memory segment/, afterLogin: true, is: 'query-failed', ...sharedMemoryFull },
  { code: '53100', atLogin: true, is: 'refused', ...diskFull },
  { code: '53100', afterLogin: true, is: 'query-failed', ...diskFull },
  {
    says: /could not fork new process/,
    atLogin: true,
    is: 'too-many-connections',
    message: '{target} could not start a process for one more connection.',
  },
  { code: '53200', atLogin: true, is: 'refused', ...outOfMemory },
  { code: '53200', afterLogin: true, is: 'query-failed', ...outOfMemory },
  { says: /^out of (shared )?memory$/, atLogin: true, is: 'refused', ...outOfMemory },
  { code: 'XX001 XX002', atLogin: true, is: 'refused', ...damaged },
  { code: 'XX001 XX002', afterLogin: true, is: 'query-failed', ...damaged },
  { code: '42501', says: /could not .*: Permission denied$/, ...files },
  { code: '58P01 58030', ...files },
]

/** What PostgreSQL says of a statement that it gave up. */
export const statementErrors: readonly Refusal[] = [
  {
    code: '40001',
    says: /^terminating connection/,
    afterLogin: true,
    is: 'connection-lost',
  },
  {
    code: '40001 40P01',
    afterLogin: true,
    is: 'query-failed',
    message: '{target} gave up a transaction that was in the way of another.',
    hint: 'Run the whole transaction again.',
  },
  {
    code: '55P03',
    afterLogin: true,
    is: 'query-failed',
    message: '{target} gave up a statement that waited for a lock.',
    hint: 'Run it again. If that happens often, look for transactions that stay open, and at lock_timeout.',
  },
  {
    code: '57014',
    says: /statement timeout/,
    afterLogin: true,
    is: 'query-failed',
    message: '{target} gave up a statement that ran longer than it may.',
    hint: 'Make it faster, or raise statement_timeout.',
  },
]
