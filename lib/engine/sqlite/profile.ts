import { problem, type Problem } from '../../problem/problem.ts'
import type { SqliteTarget } from '../../url/target.ts'
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
  /** What is set on every connection, in this order; each is read back as it is written here. */
  readonly pragmas: readonly (readonly [name: string, value: Setting])[]
}

/** What is known of a database besides its target. */
export interface ProfileOptions {
  /** Whether it stands in for another database: then a power cut may cost the last commits. */
  readonly role: 'primary' | 'fallback'
  readonly filesystem: 'local' | 'network' | 'memory'
}

/** 64 MiB: what the journal keeps on disk after a checkpoint. */
const journalSizeLimit = 64 * 2 ** 20

type Setting = string | number
type Settings = { readonly [Name in keyof typeof parameters]?: Setting }

/** The parameters of a URL that change the profile: how each is read (`undefined`: it cannot be used), and what it may be. */
const parameters = {
  journal_mode: {
    read: oneOf({ wal: 'wal', delete: 'delete', truncate: 'truncate', persist: 'persist' }),
    expected: 'wal, delete, truncate or persist: with the others a transaction cannot always be rolled back',
  },
  synchronous: {
    read: oneOf({ off: 0, 0: 0, normal: 1, 1: 1, full: 2, 2: 2, extra: 3, 3: 3 }),
    expected: 'off, normal, full or extra',
  },
  busy_timeout: { read: wholeNumber, expected: 'a number of milliseconds' },
  foreign_keys: {
    read: oneOf({ off: 0, no: 0, false: 0, 0: 0, on: 1, yes: 1, true: 1, 1: 1 }),
    expected: 'on or off',
  },
  journal_size_limit: { read: wholeNumber, expected: 'a number of bytes' },
  mode: {
    read: oneOf({ ro: 'ro', rw: 'rw', rwc: 'rwc', memory: 'memory' }),
    expected: 'ro, rw, rwc or memory',
  },
} as const

/** The profile of a target, or the parameter that cannot be used. */
export function sqliteProfile(
  target: Pick<SqliteTarget, 'filename' | 'params'>,
  options: ProfileOptions,
  driver: Pick<DriverDescription, 'synchronous' | 'busyTimeoutMs'>,
):
  { readonly ok: true; readonly profile: SqliteProfile } | { readonly ok: false; readonly problem: Problem } {
  const settings: Record<string, Setting> = {}
  for (const [parameter, { read, expected }] of Object.entries(parameters)) {
    const text = target.params[parameter]
    if (text === undefined) continue
    const value = read(String(text).trim().toLowerCase())
    const subject = 'The SQLite URL'
    if (value === undefined)
      return { ok: false, problem: problem('invalid-parameter', { subject, parameter, expected }) }
    settings[parameter] = value
  }
  return { ok: true, profile: profileOf(target.filename, settings, options, driver) }
}

type Pragmas = SqliteProfile['pragmas']

function profileOf(
  filename: string,
  settings: Settings,
  options: ProfileOptions,
  driver: Pick<DriverDescription, 'synchronous' | 'busyTimeoutMs'>,
): SqliteProfile {
  const memory = filename === ':memory:' || settings.mode === 'memory'
  const network = options.filesystem === 'network'
  const journalMode = settings.journal_mode ?? (network ? 'delete' : 'wal')
  const waitMs = Number(settings.busy_timeout ?? 5000)
  const everywhere: Pragmas = [
    ['busy_timeout', driver.synchronous ? Math.min(waitMs, driver.busyTimeoutMs) : waitMs],
    ['foreign_keys', settings.foreign_keys ?? 1],
    ['trusted_schema', 0],
  ]
  return {
    filename: memory ? ':memory:' : filename,
    readOnly: settings.mode === 'ro',
    mustExist: settings.mode === 'ro' || settings.mode === 'rw',
    oneConnection: memory || network || journalMode !== 'wal',
    waitMs,
    pragmas: memory ? everywhere : [...everywhere, ...onDisk(settings, options, journalMode)],
  }
}

function onDisk(settings: Settings, { role, filesystem }: ProfileOptions, journalMode: Setting): Pragmas {
  const network = filesystem === 'network'
  const [normal, full] = [1, 2]
  // Before the journal, which takes a lock: other programs on a network cannot be trusted to see it.
  const alone: Pragmas = [
    ['locking_mode', 'exclusive'],
    ['mmap_size', 0],
  ]
  return [
    ...(network ? alone : []),
    ...(settings.mode === 'ro' ? [] : [['journal_mode', journalMode] as const]),
    ['synchronous', settings.synchronous ?? (role === 'primary' || network ? full : normal)],
    ['journal_size_limit', settings.journal_size_limit ?? journalSizeLimit],
  ]
}

function oneOf(values: Readonly<Record<string, Setting>>): (text: string) => Setting | undefined {
  return (text) => (Object.hasOwn(values, text) ? values[text] : undefined)
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
