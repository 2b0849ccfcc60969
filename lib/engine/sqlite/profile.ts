import { problem, type Problem } from '../../problem/problem.ts'
import type { SqliteTarget } from '../../url/target.ts'
import type { DriverDescription } from './drivers.ts'

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
  readonly pragmas: readonly (readonly [name: string, value: string | number])[]
}

/** What is known of a database besides its target. */
export interface ProfileOptions {
  /** Whether it stands in for another database: then a power cut may cost the last commits. */
  readonly role: 'primary' | 'fallback'
  readonly filesystem: 'local' | 'network' | 'memory'
}

/** 64 MiB: what the journal keeps on disk after a checkpoint. */
const journalSizeLimit = 64 * 2 ** 20

const synchronousLevels: Readonly<Record<string, number>> = { off: 0, normal: 1, full: 2, extra: 3 }
const switches: Readonly<Record<string, number>> = {
  off: 0,
  no: 0,
  false: 0,
  0: 0,
  on: 1,
  yes: 1,
  true: 1,
  1: 1,
}

/** The parameters of a URL that change the profile, and how they are read; `undefined` is a value that cannot be used. */
const readers = {
  journal_mode: oneOf('wal', 'delete', 'truncate', 'persist'),
  synchronous: (text: string) => synchronousLevels[text] ?? oneOf('0', '1', '2', '3')(text),
  busy_timeout: wholeNumber,
  foreign_keys: (text: string) => switches[text],
  journal_size_limit: wholeNumber,
  mode: oneOf('ro', 'rw', 'rwc', 'memory'),
} as const

const expected: Readonly<Record<keyof typeof readers, string>> = {
  journal_mode: 'wal, delete, truncate or persist: without a journal a transaction cannot be rolled back',
  synchronous: 'off, normal, full or extra',
  busy_timeout: 'a number of milliseconds',
  foreign_keys: 'on or off',
  journal_size_limit: 'a number of bytes',
  mode: 'ro, rw, rwc or memory',
}

type Settings = { readonly [Name in keyof typeof readers]?: string | number }

/** The profile of a target, or the parameter that cannot be used. */
export function sqliteProfile(
  target: Pick<SqliteTarget, 'filename' | 'params'>,
  options: ProfileOptions,
  driver: Pick<DriverDescription, 'synchronous' | 'busyTimeoutMs'>,
):
  { readonly ok: true; readonly profile: SqliteProfile } | { readonly ok: false; readonly problem: Problem } {
  const settings: Record<string, string | number> = {}
  for (const [name, read] of Object.entries(readers)) {
    const text = target.params[name]
    if (text === undefined) continue
    const value = read(String(text).trim().toLowerCase())
    if (value === undefined) return { ok: false, problem: invalidParameter(name as keyof typeof readers) }
    settings[name] = value
  }
  return { ok: true, profile: profileOf(target.filename, settings, options, driver) }
}

function profileOf(
  filename: string,
  settings: Settings,
  { role, filesystem }: ProfileOptions,
  driver: Pick<DriverDescription, 'synchronous' | 'busyTimeoutMs'>,
): SqliteProfile {
  const memory = filename === ':memory:' || settings.mode === 'memory'
  const network = filesystem === 'network'
  const readOnly = settings.mode === 'ro'
  const journalMode = settings.journal_mode ?? (network ? 'delete' : 'wal')
  const waitMs = Number(settings.busy_timeout ?? 5000)
  const safeForRole = role === 'primary' || network ? 'full' : 'normal'
  const everywhere = [
    ['busy_timeout', driver.synchronous ? Math.min(waitMs, driver.busyTimeoutMs) : waitMs],
    ['foreign_keys', settings.foreign_keys ?? 1],
    ['trusted_schema', 0],
  ] as const
  const onDisk = [
    ...(network
      ? ([
          ['locking_mode', 'exclusive'],
          ['mmap_size', 0],
        ] as const)
      : []),
    ...(readOnly ? [] : ([['journal_mode', journalMode]] as const)),
    ['synchronous', settings.synchronous ?? synchronousLevels[safeForRole] ?? 2],
    ['journal_size_limit', settings.journal_size_limit ?? journalSizeLimit],
  ] as const
  return {
    filename: memory ? ':memory:' : filename,
    readOnly,
    mustExist: settings.mode === 'ro' || settings.mode === 'rw',
    oneConnection: memory || network || journalMode !== 'wal',
    waitMs,
    pragmas: memory ? everywhere : [...everywhere, ...onDisk],
  }
}

function invalidParameter(parameter: keyof typeof readers): Problem {
  return problem('invalid-parameter', { subject: 'The SQLite URL', parameter, expected: expected[parameter] })
}

function oneOf(...values: readonly string[]): (text: string) => string | undefined {
  return (text) => (values.includes(text) ? text : undefined)
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
