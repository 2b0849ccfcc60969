import { basename, dirname, join, resolve } from 'node:path'
import { problem, type Problem } from '../problem/problem.ts'
import type { ResolveOptions, SqliteLocation } from './config.ts'
import type { Environment } from './environment.ts'
import { isBucket } from './filesystems.ts'
import { lookAtFile, type FileLook } from './look-at-file.ts'
import { namedFile, namedOrigins, type NamedFile } from './named-file.ts'
import { isOwnDirectory } from './own-directory.ts'
import { readReplica, unfitForReplica } from './replica.ts'
import { describeIntruder } from './shared-place.ts'
import { describeFile, locate, lookAround, type Machine } from './sqlite-location.ts'
import { temporaryDirectory } from './temporary.ts'
import { workingDirectory } from './working-directory.ts'

/** A place where the fallback could live, and what a look at it shows. Whether it can really be written, only writing proves. */
export interface SqliteCandidate {
  readonly location: SqliteLocation
  /** Why it is in the list, such as `SQLITE_PATH`, where the path does not tell. */
  readonly origin: string
  /** Its directory is made for this user alone, in a place that others may write. */
  readonly isPrivate: boolean
  readonly look: FileLook
  /** What was cleaned in the text that names it. */
  readonly warnings: readonly Problem[]
  /** Present when the look refuses it. */
  readonly problem?: Problem
}

interface FilePlace {
  readonly filename: string
  readonly origin: string
  readonly isPrivate?: boolean
  readonly warnings?: readonly Problem[]
  readonly refused?: Extract<NamedFile, { ok: false }>
}

const fileName = 'failsoft.db'

/**
 * Lists the places where the fallback may live, in the order in which they are to be tried. Nothing is written.
 *
 * @returns the candidates; the last one is `:memory:`, which always works. Beside a replica there are only files on a local file system.
 */
export function fallbackCandidates(options: ResolveOptions = {}): readonly SqliteCandidate[] {
  return [...eachCandidate(options)]
}

/** The same, one at a time, so that no place is looked at in vain. */
export function* eachCandidate(
  options: ResolveOptions,
  machine: Machine = lookAround(options.env ?? process.env),
): Generator<SqliteCandidate> {
  const replica = readReplica(options, options.env ?? process.env)
  if (!replica) yield* lookAtEach(options, machine)
  else if (replica.ok) yield* lookBesideReplica(options, machine)
  else yield refuse(replica.origin, replica.problem)
}

/** A file that cannot be copied is passed over; one that somebody chose is refused, and no other taken in its place. */
function* lookBesideReplica(options: ResolveOptions, machine: Machine): Generator<SqliteCandidate> {
  let refused: SqliteCandidate | undefined
  for (const candidate of lookAtEach(options, machine)) {
    const { location, origin } = candidate
    const obstacle = unfitForReplica(location, origin)
    if (!obstacle) {
      refused = undefined
      yield { ...candidate, location: { ...location, durability: 'replicated' } }
    } else {
      refused ??= refuse(origin, obstacle)
      if (namedOrigins.some((each) => each === origin)) break
    }
  }
  if (refused) yield refused
}

function refuse(origin: string, obstacle: Problem): SqliteCandidate {
  const location = { filename: origin, durability: 'unknown', filesystem: 'local' } as const
  return {
    location,
    origin,
    isPrivate: false,
    look: noFile(obstacle.message),
    warnings: [],
    problem: obstacle,
  }
}

function* lookAtEach(options: ResolveOptions, machine: Machine): Generator<SqliteCandidate> {
  for (const { filename, origin, isPrivate = false, warnings = [], refused } of places(options, machine)) {
    const location = locate(filename, machine)
    const look = refused ? noFile(refused.why) : lookAtCandidate(filename, isPrivate, machine)
    const candidate = { location, origin, isPrivate, warnings, look }
    const target = describeFile(filename)
    yield look.ok ? candidate : { ...candidate, problem: refused?.problem ?? problem(look.code, { target }) }
  }
}

const memory: FileLook = {
  ok: true,
  state: 'memory',
  mayHoldRows: false,
  why: 'it always works, and keeps nothing',
}

function* places(options: ResolveOptions, { mounts, platform }: Machine): Generator<FilePlace> {
  const env: Environment = options.env ?? process.env
  const cwd = workingDirectory(options)
  const named = namedFile(options, env, cwd)
  if (named) yield named.ok ? named : { ...named, filename: named.origin, refused: named }
  if (named?.ok && named.filename === ':memory:') return
  const { directories } = options.sqlite ?? {}
  if (directories) {
    for (const directory of directories) yield inDirectory(resolve(cwd, directory))
  } else {
    for (const mount of mounts ?? []) {
      const isUsable = isBucket(mount, platform.id === 'huggingface-space') && !mount.isReadOnly
      if (isUsable) yield inDirectory(mount.point, 'a mounted bucket')
    }
    yield inDirectory(join(cwd, 'data'))
    yield inDirectory(cwd)
    const directory = join(temporaryDirectory(env), privateName(cwd))
    yield { ...inDirectory(directory, 'the temporary directory'), isPrivate: true }
  }
  yield { filename: ':memory:', origin: 'the last resort' }
}

function inDirectory(directory: string, origin = ''): FilePlace {
  return { filename: join(directory, fileName), origin }
}

/** Differs by user and by program, so that two of them on one machine do not meet in one file. */
function privateName(cwd: string): string {
  // Loaded here, since it takes as long as all of the resolver, and few get this far.
  const { createHash } = process.getBuiltinModule('node:crypto')
  // On Windows users have no number, but a temporary directory each.
  return `failsoft-${String(process.getuid?.())}-${createHash('sha256').update(cwd).digest('hex').slice(0, 12)}`
}

function lookAtCandidate(filename: string, isPrivate: boolean, { mounts }: Machine): FileLook {
  if (filename === ':memory:') return memory
  const directory = dirname(filename)
  if (isPrivate && !isOwnDirectory(directory)) {
    return noFile(`${basename(directory)} exists, but is not a directory that belongs to this user alone`)
  }
  const look = lookAtFile(filename)
  const intruder = look.ok ? describeIntruder(filename, mounts) : undefined
  return intruder === undefined ? look : noFile(intruder)
}

function noFile(why: string): Extract<FileLook, { ok: false }> {
  return { ok: false, code: 'sqlite-cannot-open', mayHoldRows: false, why }
}
