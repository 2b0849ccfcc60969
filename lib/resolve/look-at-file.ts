import { accessSync, constants, existsSync, lstatSync, statSync, type Stats } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describeOwner } from './describe-owner.ts'
import { errorCode } from './error-code.ts'
import { mountOf, readMounts } from './mounts.ts'
import { isOpenHere } from './open-here.ts'
import { lookAtHeader } from './sqlite-header.ts'
import { realPath } from './temporary.ts'

/** The problems that a look can find. */
export type LookCode =
  | 'sqlite-directory-missing'
  | 'sqlite-cannot-open'
  | 'sqlite-read-only'
  | 'sqlite-corrupt'
  | 'sqlite-not-a-database'

/** What a look at the place of a SQLite file shows, without writing. */
export type FileLook =
  | {
      readonly ok: true
      /** `empty` is a file of no bytes: as good as none. `open` is in use by this very process. */
      readonly state: 'memory' | 'absent' | 'empty' | 'database' | 'open'
      /** Whether somebody may have written to it; how many rows there are is counted where it is open. */
      readonly mayHoldRows: boolean
      readonly why: string
    }
  | { readonly ok: false; readonly code: LookCode; readonly mayHoldRows: boolean; readonly why: string }

/** What SQLite leaves beside its file while a transaction is open, or after a crash. */
const journals = ['-wal', '-journal']

/** Looks at a SQLite file, or at the place where it would be made. Nothing is written, and a file that this process has open is not read. */
export function lookAtFile(path: string): FileLook {
  if (isUnreal(path))
    return refuse('sqlite-cannot-open', 'its file system shows the state of the system, and keeps no files')
  let isFilled = false
  try {
    const file = statIfThere(path)
    if (!file) return lookAtPlace(path)
    isFilled = file.isFile() && file.size > 0
    return file.isFile() ? lookAtExisting(path, file) : refuse('sqlite-cannot-open', nonFile(file))
  } catch (error) {
    const code = errorCode(error)
    const [problemCode, why] = failures[code] ?? ['sqlite-cannot-open', `looking at it fails (${code})`]
    return { ...refuse(problemCode, why), mayHoldRows: isFilled && ofDisk.test(code) }
  }
}

/** Whether another place may be taken: not where a file is that could not be read, since its disk may be back soon, and the data split then. */
export function mayBePassedOver(look: FileLook): boolean {
  return look.ok || look.code !== 'sqlite-cannot-open' || !look.mayHoldRows
}

/** File systems that keep nothing. To make a directory there can take for ever. */
const unreal =
  /^(?:proc|sysfs|cgroup2?|debugfs|tracefs|securityfs|configfs|devpts|mqueue|pstore|bpf|efivarfs|binfmt_misc|fusectl|nsfs)$/

function isUnreal(path: string): boolean {
  const real = realPath(path)
  const mounts = readMounts()
  const type = mounts ? (mountOf(mounts, real)?.type ?? '') : real.startsWith('/proc/') ? 'proc' : ''
  return unreal.test(type)
}

/** With `throwIfNoEntry`, whether a path through a file counts as absent would depend on the version of Node.js. */
function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

const failures: Readonly<Record<string, readonly [code: LookCode, why: string]>> = {
  ENOTDIR: ['sqlite-directory-missing', 'a part of its path is a file, not a directory'],
  EACCES: ['sqlite-cannot-open', 'this program may not look into its directory'],
  ELOOP: ['sqlite-cannot-open', 'its path is a symbolic link that leads to itself'],
  ENAMETOOLONG: ['sqlite-cannot-open', 'its path is too long'],
}

/** What says nothing of the file. */
const ofDisk = /^(?:EIO|ENOTCONN|ENXIO|EREMOTEIO|ESTALE|ETIMEDOUT)$/

function nonFile(file: Stats): string {
  return file.isDirectory() ? 'it is a directory' : 'it is no regular file'
}

function lookAtExisting(path: string, file: Stats): FileLook {
  if (!isAllowed(path, constants.R_OK)) {
    return refuse('sqlite-cannot-open', `it may not be read: ${describeOwner(file)}`)
  }
  const open = file.size > 0 && isOpenHere(file)
  const header =
    file.size === 0 || open ? undefined : lookAtHeader(path, () => findJournal(path) !== undefined)
  const journal = findJournal(path)
  if (header && header.kind !== 'database') return refuse(`sqlite-${header.kind}`, header.why)
  const mayHoldRows = header !== undefined && (header.hasTables || journal !== undefined)
  const obstacle = findObstacle(path)
  if (obstacle !== undefined) return { ...refuse('sqlite-read-only', obstacle), mayHoldRows }
  if (open) return { ok: true, state: 'open', mayHoldRows, why: 'it exists, and this program has it open' }
  if (file.size === 0) return { ok: true, state: 'empty', mayHoldRows, why: 'it exists and is empty' }
  const left = journal === undefined ? '' : `, with a ${basename(path)}${journal} beside it`
  const why = `it exists, ${mayHoldRows ? 'and may hold rows' : 'without tables'}${left}`
  return { ok: true, state: 'database', mayHoldRows, why }
}

function findJournal(path: string): string | undefined {
  return journals.find((suffix) => statSync(path + suffix, { throwIfNoEntry: false })?.size)
}

/** SQLite needs its directory too, for the journals. */
function findObstacle(path: string): string | undefined {
  const closed = [path, dirname(path)].find((place) => !isAllowed(place, constants.W_OK))
  if (closed === undefined) return undefined
  return `${closed === path ? 'it' : 'its directory'} may not be written: ${describeOwner(statSync(closed))}`
}

function lookAtPlace(path: string): FileLook {
  const directory = dirname(path)
  let existing = directory
  while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing)
  if (isDangling(directory, existing)) {
    return refuse('sqlite-directory-missing', 'a part of its path is a symbolic link to nowhere')
  }
  const isThere = existing === directory
  if (isAllowed(existing, constants.W_OK | constants.X_OK)) {
    return absent(isThere ? 'it can be created' : 'it can be created, with its directory')
  }
  const owner = describeOwner(statSync(existing))
  if (isThere) return refuse('sqlite-read-only', `its directory may not be written: ${owner}`)
  const why = `its directory does not exist, and ${existing} may not be written: ${owner}`
  return refuse('sqlite-directory-missing', why)
}

/** mkdir does not follow a symbolic link that leads nowhere. */
function isDangling(directory: string, existing: string): boolean {
  for (let path = directory; path !== existing; path = dirname(path)) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return true
  }
  return false
}

function absent(why: string): FileLook {
  return { ok: true, state: 'absent', mayHoldRows: false, why }
}

function refuse(code: LookCode, why: string): Extract<FileLook, { ok: false }> {
  return { ok: false, code, mayHoldRows: false, why }
}

function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
