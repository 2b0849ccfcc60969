import { randomUUID } from 'node:crypto'
import { lstat, mkdir, open, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Sentences } from '../../problem/policy.ts'
import { problem, type Problem } from '../../problem/problem.ts'
import { errorCode } from '../../resolve/error-code.ts'
import { lookAtFile, mayBePassedOver, type LookCode } from '../../resolve/look-at-file.ts'
import { isOwnDirectory } from '../../resolve/own-directory.ts'
import { isShared } from '../../resolve/shared-place.ts'
import { describeFile } from '../../resolve/sqlite-location.ts'
import { describe } from '../errors/classify-error.ts'
import { describeCause } from '../errors/describe-cause.ts'
import { WaitTimeout, within } from '../time.ts'
import { systemWords } from './errors.ts'

/** The problems that making a place ready can meet. */
type ClaimCode = LookCode | 'sqlite-full'

/** Whether the file system gives a SQLite file what it needs. */
export type PreparedLocation =
  | { readonly ok: true; readonly isNew: boolean }
  | {
      readonly ok: false
      readonly problem: Problem
      /** For the trace. */
      readonly why: string
      /** Whether the next candidate may be taken: not when a good file stays behind, since that would split the data. */
      readonly mayPassOver: boolean
    }

/** A place, and how it may be made ready. */
export interface Place {
  /** Absolute, or `:memory:`. */
  readonly filename: string
  /** Whether a file may be made where there is none. */
  readonly mayCreate: boolean
}

/** How much is written to see whether the disk takes it: more than the first pages of a database. */
const probeBytes = 65_536

/** The name that the resolver gives to a directory in a place that others may write. */
const privateName = /^failsoft-[^-]+-[\da-f]{12}$/

/**
 * Makes a place ready for a driver: creates the directory and an empty file, and sees that the disk takes writes. A file that
 * exists is only looked at, never opened for writing, and never at all while this process has it open.
 *
 * @param options - `timeoutMs`: the bound in milliseconds, 2,000 by default, for a disk that does not answer.
 * @returns whether a driver may open it. It never rejects.
 */
export async function prepareLocation(
  place: Place,
  { timeoutMs = 2_000 }: { readonly timeoutMs?: number } = {},
): Promise<PreparedLocation> {
  const { filename } = place
  if (filename === ':memory:') return { ok: true, isNew: true }
  const seen = { holdsData: false }
  const work = prepare(place, seen)
  try {
    return await within(timeoutMs, work)
  } catch (error) {
    const [, why] = describeFailure(error, timeoutMs)
    return {
      ok: false,
      problem: problemOfDisk(error, filename, timeoutMs),
      why,
      mayPassOver: !seen.holdsData,
    }
  }
}

/** The problem that a failure of the disk is for a SQLite file. */
export function problemOfDisk(error: unknown, filename: string, timeoutMs = 0): Problem {
  const [code] = describeFailure(error, timeoutMs)
  const target = describeFile(filename)
  return { ...describe(code, { target }, words[errorCode(error)]), cause: describeCause(error) }
}

/** The problem that a failure to look at a SQLite file is. */
export function problemOfLook(error: unknown, filename: string): Problem {
  const target = describeFile(filename)
  return {
    ...describe('sqlite-cannot-open', { target }, words[errorCode(error)]),
    cause: describeCause(error),
  }
}

/** Where the code of the problem says too little. */
const words: Readonly<Record<string, Sentences>> = {
  EIO: systemWords.disk,
  ESTALE: systemWords.disk,
  ENOLCK: systemWords.locks,
  ENOMEM: systemWords.memory,
}

/** What a failure of the disk means for a SQLite file, and why. */
function describeFailure(error: unknown, timeoutMs: number): [ClaimCode, string] {
  if (error instanceof WaitTimeout)
    return ['sqlite-cannot-open', `the disk did not answer within ${timeoutMs} ms`]
  const code = errorCode(error)
  return [codes[code] ?? 'sqlite-cannot-open', `writing there fails (${code})`]
}

/** The problem that an error of the system means for a SQLite file. */
const codes: Readonly<Record<string, ClaimCode>> = {
  ENOSPC: 'sqlite-full',
  EDQUOT: 'sqlite-full',
  EACCES: 'sqlite-read-only',
  EPERM: 'sqlite-read-only',
  EROFS: 'sqlite-read-only',
  ENOENT: 'sqlite-directory-missing',
  ENOTDIR: 'sqlite-directory-missing',
}

async function prepare(
  { filename, mayCreate }: Place,
  seen: { holdsData: boolean },
): Promise<PreparedLocation> {
  // Asked first, and asynchronously, so that a disk that hangs blocks nobody.
  const size = await sizeOf(filename)
  seen.holdsData = (size ?? 0) > 0
  if (!mayCreate) {
    return size === undefined
      ? refuse(filename, 'sqlite-cannot-open', 'it does not exist, and may not be made', true)
      : { ok: true, isNew: false }
  }
  const early = lookAtFile(filename)
  if (!early.ok) return refuse(filename, early.code, early.why, mayBePassedOver(early))
  const directory = dirname(filename)
  const isPrivate = privateName.test(basename(directory))
  await makeDirectory(directory, isPrivate)
  if (isPrivate && !isOwnDirectory(directory)) {
    return refuse(filename, 'sqlite-cannot-open', 'its directory belongs to somebody else', true)
  }
  if (early.state === 'database' || early.state === 'open') return { ok: true, isNew: false }
  await createEmpty(filename, isPrivate || isShared(filename))
  await probe(directory)
  return { ok: true, isNew: true }
}

/** Of a file; nothing where there is none. */
async function sizeOf(filename: string): Promise<number | undefined> {
  return stat(filename).then(
    (found) => (found.isFile() ? found.size : 0),
    () => undefined,
  )
}

async function makeDirectory(directory: string, isPrivate: boolean): Promise<void> {
  if (!isPrivate) {
    await makeDirectories(directory)
    return
  }
  // Not recursive: the parent is the temporary directory, and what is there already must be looked at.
  const exists = await lstat(directory).then(
    () => true,
    () => false,
  )
  if (!exists) await mkdir(directory, { mode: 0o700 })
}

/** Node's own recursion never ends below /proc, where a directory can neither be found nor made. */
async function makeDirectories(directory: string): Promise<void> {
  const isThere = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isThere) return
  if (dirname(directory) !== directory) await makeDirectories(dirname(directory))
  await mkdir(directory).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error
  })
}

/** Exclusively, so that a file that another process made meanwhile stays as it is. Nothing is written into it: it may be in use by then. */
async function createEmpty(filename: string, isPrivate: boolean): Promise<void> {
  try {
    await (await open(filename, 'wx', isPrivate ? 0o600 : 0o644)).close()
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
  }
}

/** Creating a file succeeds on a full disk; writing does not. */
async function probe(directory: string): Promise<void> {
  const path = join(directory, `.failsoft-${randomUUID()}`)
  try {
    await writeFile(path, Buffer.alloc(probeBytes), { flag: 'wx', mode: 0o600 })
  } finally {
    await rm(path, { force: true })
  }
}

function refuse(
  filename: string,
  code: ClaimCode,
  why: string,
  mayPassOver: boolean,
): Extract<PreparedLocation, { ok: false }> {
  return { ok: false, problem: problem(code, { target: describeFile(filename) }), why, mayPassOver }
}
