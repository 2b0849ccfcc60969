import { lstatSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { problem, type Problem } from '../problem/problem.ts'
import { readUrl } from '../url/read-url.ts'
import type { ResolveOptions, SqliteLocation } from './config.ts'
import { isBlank, type Environment } from './environment.ts'
import { isBucket } from './filesystems.ts'
import { lookAtFile, type FileLook } from './look-at-file.ts'
import {
  describeFile,
  locate,
  lookAround,
  pathLimit,
  temporaryDirectory,
  type Machine,
} from './sqlite-location.ts'
import { workingDirectory } from './working-directory.ts'

/** A place where the fallback could live, and what a look at it shows. Whether it can really be written, only writing proves. */
export interface SqliteCandidate {
  readonly location: SqliteLocation
  /** Why it is in the list, such as `SQLITE_PATH`, where the path does not tell. */
  readonly origin: string
  /** Its directory is made for this user alone, in a place that others may write. */
  readonly isPrivate: boolean
  readonly look: FileLook
  /** Present when the look refuses it. */
  readonly problem?: Problem
}

interface FilePlace {
  readonly filename: string
  readonly origin: string
  readonly isPrivate?: boolean
  readonly refused?: FileLook
}

const fileName = 'failsoft.db'

/**
 * Lists the places where the fallback may live, in the order in which they are to be tried. Nothing is written.
 *
 * @returns the candidates; the last one is `:memory:`, which always works.
 */
export function fallbackCandidates(options: ResolveOptions = {}): readonly SqliteCandidate[] {
  return [...eachCandidate(options)]
}

/** The same, one at a time, so that no place is looked at in vain. */
export function* eachCandidate(
  options: ResolveOptions,
  machine: Machine = lookAround(options.env ?? process.env),
): Generator<SqliteCandidate> {
  for (const { filename, origin, isPrivate = false, refused } of places(options, machine)) {
    const location = locate(filename, machine)
    const look = refused ?? (filename === ':memory:' ? memory : lookAtCandidate(filename, isPrivate))
    const candidate = { location, origin, isPrivate, look }
    const target = refused ? origin : describeFile(filename)
    yield look.ok ? candidate : { ...candidate, problem: problem(look.code, { target }) }
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
  if (named) yield named
  if (named?.filename === ':memory:') return
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

/** `SQLITE_PATH` and the option are paths, but a SQLite URL is understood too; any other URL is no path. */
function namedFile(options: ResolveOptions, env: Environment, cwd: string): FilePlace | undefined {
  const option = options.sqlite?.filename
  const [origin, value] = isBlank(option)
    ? ['SQLITE_PATH', env['SQLITE_PATH']]
    : ['options.sqlite.filename', option]
  if (isBlank(value)) return undefined
  if (typeof value !== 'string') return refusePlace(origin, 'it is not a string')
  const text = value.trim()
  if (text.length >= pathLimit) return refusePlace(origin, 'it is too long for a path')
  if (/\$\{|\{\{|^(?:undefined|null)$/.test(text)) {
    return refusePlace(origin, 'it holds the name of a variable, or nothing, where a path belongs')
  }
  if (!/^[a-z][a-z0-9+.-]+:/i.test(text)) return { filename: absolute(cwd, text), origin }
  const reading = readUrl(text, { subject: origin })
  const isFile = reading.valid && reading.target.dialect === 'sqlite'
  if (isFile) return { filename: absolute(cwd, reading.target.filename), origin }
  return refusePlace(origin, 'it holds the URL of something else, where the path of a file belongs')
}

function absolute(cwd: string, filename: string): string {
  return filename === ':memory:' ? filename : resolve(cwd, filename)
}

function refusePlace(origin: string, why: string): FilePlace {
  return {
    filename: origin,
    origin,
    refused: { ok: false, code: 'sqlite-cannot-open', mayHoldRows: false, why },
  }
}

/** Differs by user and by program, so that two of them on one machine do not meet in one file. */
function privateName(cwd: string): string {
  // Loaded here, since it takes as long as all of the resolver, and few get this far.
  const { createHash } = process.getBuiltinModule('node:crypto')
  // On Windows users have no number, but a temporary directory each.
  return `failsoft-${String(process.getuid?.())}-${createHash('sha256').update(cwd).digest('hex').slice(0, 12)}`
}

function lookAtCandidate(filename: string, isPrivate: boolean): FileLook {
  const directory = dirname(filename)
  if (isPrivate && !isOwnDirectory(directory)) {
    const why = `${basename(directory)} exists, but is not a directory that belongs to this user alone`
    return { ok: false, code: 'sqlite-cannot-open', mayHoldRows: false, why }
  }
  return lookAtFile(filename)
}

/** Tells whether a directory in a place that others may write is this user's own, or can still become it. */
export function isOwnDirectory(directory: string): boolean {
  try {
    const found = lstatSync(directory, { throwIfNoEntry: false })
    if (!found) return true
    const self = process.getuid?.()
    const isOwn = self === undefined || (found.uid === self && (found.mode & 0o022) === 0)
    return found.isDirectory() && isOwn
  } catch {
    return false
  }
}
