import type { SqliteSettings } from '../../url/settings.ts'
import type { DriverDescription } from './driver-description.ts'

/** How a SQLite database is run. */
export interface SqliteProfile {
  readonly filename: string
  readonly readOnly: boolean
  readonly mustExist: boolean
  /** Whether one connection does all the work: there is no second one on a database in memory, or without WAL. */
  readonly oneConnection: boolean
  /** How long a statement waits for a lock of another program, in milliseconds. */
  readonly waitMs: number
  /** Whether SQLite answers at once that a lock is held, and is asked again: such a wait can be ended, and needs no thread. */
  readonly asksAgain: boolean
  /** What is set on every connection, in this order; each is read back as it is written here. */
  readonly pragmas: readonly (readonly [name: string, value: Setting])[]
  /** Whether the log is moved into the file when the last connection is closed. */
  readonly checkpoints: boolean
}

/** What is known of a database besides its target. */
export interface ProfileOptions {
  /** Whether it stands in for another database: then a power cut may cost the last commits. */
  readonly role: 'primary' | 'fallback'
  readonly filesystem: 'local' | 'network' | 'memory'
  /** Whoever keeps a copy of the file decides when its log is moved into it, and when nobody may write any more. */
  readonly keeper?: object
}

/** 64 MiB: what the journal keeps on disk after a checkpoint. */
const journalSizeLimit = 64 * 2 ** 20

/** How long SQLite itself waits for a lock where it is asked again, in milliseconds. */
const briefWaitMs = 20

type Setting = string | number

/** The profile of a file and of what its URL asks for. */
export function sqliteProfile(
  filename: string,
  said: SqliteSettings,
  options: ProfileOptions,
  driver: Pick<DriverDescription, 'synchronous'>,
): SqliteProfile {
  const memory = filename === ':memory:' || said.mode === 'memory'
  const network = options.filesystem === 'network'
  const journalMode = said.journalMode ?? (network ? 'delete' : 'wal')
  const waitMs = said.busyTimeoutMs ?? 5000
  // The one who holds the lock may need the thread that a driver blocks, in order to let go.
  const asksAgain = driver.synchronous || options.keeper !== undefined
  const everywhere: SqliteProfile['pragmas'] = [
    ['busy_timeout', asksAgain ? Math.min(waitMs, briefWaitMs) : waitMs],
    ['foreign_keys', Number(said.foreignKeys ?? true)],
    ['trusted_schema', 0],
  ]
  return {
    filename: memory ? ':memory:' : filename,
    readOnly: said.mode === 'ro',
    mustExist: said.mode === 'ro' || said.mode === 'rw',
    oneConnection: memory || network || journalMode !== 'wal',
    waitMs,
    asksAgain,
    checkpoints: said.mode !== 'ro' && !options.keeper,
    pragmas: memory ? everywhere : [...everywhere, ...onDisk(said, options, journalMode)],
  }
}

function onDisk(
  said: SqliteSettings,
  { role, filesystem, keeper }: ProfileOptions,
  journalMode: Setting,
): SqliteProfile['pragmas'] {
  const network = filesystem === 'network'
  const [normal, full] = [1, 2]
  // Before the journal, which takes a lock: other programs on a network cannot be trusted to see it.
  const alone: SqliteProfile['pragmas'] = [
    ['locking_mode', 'exclusive'],
    ['mmap_size', 0],
  ]
  return [
    ...(network ? alone : []),
    ...(said.mode === 'ro' ? [] : [['journal_mode', journalMode] as const]),
    ['synchronous', said.synchronous ?? (role === 'primary' || network ? full : normal)],
    ...(keeper ? [['wal_autocheckpoint', 0] as const] : []),
    ['journal_size_limit', said.journalSizeLimitBytes ?? journalSizeLimit],
  ]
}
