import { join } from 'node:path'
import { problem, type Problem } from '../problem/problem.ts'
import { cleanValue } from '../url/clean.ts'
import { Findings } from '../url/findings.ts'
import type { Parameters } from '../url/target.ts'
import type { ReplicaSettings, ResolveOptions, SqliteLocation, TraceStep } from './config.ts'
import { isBlank, type Environment } from './environment.ts'
import { ephemeralWarning, locate, lookAround, type Machine } from './sqlite-location.ts'
import { readReplicaAddress, type DirectoryAddress, type ReplicaAddress } from './replica-address.ts'

/** The replica that somebody configured, or why what they wrote names none. */
export type ReplicaReading = {
  /** The option or the variable. */
  readonly origin: string
  readonly warnings: readonly Problem[]
} & (
  | {
      readonly ok: true
      readonly settings: ReplicaSettings
      /** With the credentials: it is not to be shown. */
      readonly address: ReplicaAddress
    }
  | { readonly ok: false; readonly problem: Problem }
)

/** How often what was written is copied, in milliseconds. */
const defaultIntervalMs = 1000

/** What a program that mounts a bucket may keep back, in milliseconds: a crash of it loses that. */
const flushMs = 30_000

/** Reads `options.sqlite.replica`, else `SQLITE_REPLICA`. */
export function readReplica(options: ResolveOptions, env: Environment): ReplicaReading | undefined {
  const { replica: option, replicaIntervalMs: intervalMs = defaultIntervalMs } = options.sqlite ?? {}
  const [origin, value] = isBlank(option)
    ? ['SQLITE_REPLICA', env['SQLITE_REPLICA']]
    : ['options.sqlite.replica', option]
  if (isBlank(value)) return undefined
  const found = new Findings(origin, false)
  const url = cleanValue(String(value), found)
  const { warnings } = found
  const read = readReplicaAddress(url, env, origin)
  if (!read.ok) return { ...read, origin, warnings }
  const durableAfterMs = isMountedBucket(read.address, env) ? flushMs : 0
  return { ...read, origin, warnings, settings: { url, intervalMs, durableAfterMs } }
}

/** The replica of a decision, with what is to be said about it. */
export function findReplica(
  options: ResolveOptions,
  env: Environment,
  trace: TraceStep[],
): { readonly replica?: ReplicaSettings; readonly warnings: readonly Problem[] } {
  const read = readReplica(options, env)
  if (!read) return { warnings: [] }
  const { origin: subject, warnings } = read
  if (!read.ok) {
    trace.push({ subject, outcome: 'refused', why: read.problem.message })
    return { warnings: [...warnings, read.problem] }
  }
  const { settings, address } = read
  trace.push({ subject, outcome: 'taken', why: `a SQLite file in use is copied to ${settings.url}` })
  return { replica: settings, warnings: [...warnings, ...warnAboutPlace(address, settings.url, env)] }
}

function isMountedBucket(address: ReplicaAddress, env: Environment): boolean {
  return address.kind === 'directory' && placeOf(address, lookAround(env)).durability === 'bucket'
}

function placeOf({ directory }: DirectoryAddress, machine: Machine): SqliteLocation {
  return locate(join(directory, 'replica'), machine)
}

/** A directory that goes with the container keeps nothing for the next one. */
function warnAboutPlace(address: ReplicaAddress, url: string, env: Environment): Problem[] {
  if (address.kind !== 'directory') return []
  const machine = lookAround(env)
  return ephemeralWarning(placeOf(address, machine), machine.platform, `The replica ${url}`)
}

/**
 * Says why a place cannot be copied to a replica.
 *
 * @param subject - who chose the place.
 */
export function unfitForReplica(location: SqliteLocation, subject: string): Problem | undefined {
  const { filename, filesystem, durability } = location
  if (filesystem === 'local' && durability !== 'bucket') return undefined
  const why = filename === ':memory:' ? 'a database in memory' : 'one on a network or FUSE file system'
  const expected = `a file on a local file system beside a replica: ${why} cannot be copied while it is written`
  return problem('invalid-parameter', { subject, parameter: 'filename', expected })
}

/** What a URL may ask for beside a replica, by parameter: the log is what is copied. */
const fitting: Readonly<Record<string, { readonly value: RegExp; readonly expected: string }>> = {
  journal_mode: { value: /^wal$/i, expected: 'wal beside a replica: the log is what is copied' },
  mode: { value: /^rwc?$/i, expected: 'rwc beside a replica: whoever copies the file writes it' },
}

/** Says which parameter of a SQLite URL cannot be kept beside a replica. */
export function unfitParameter(params: Parameters, subject: string): Problem | undefined {
  for (const [parameter, { value, expected }] of Object.entries(fitting)) {
    const said = params[parameter]
    if (said !== undefined && !value.test(String(said))) {
      return problem('invalid-parameter', { subject, parameter, expected })
    }
  }
  return undefined
}
