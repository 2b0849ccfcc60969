import { existsSync, lstatSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { mountOf, readMounts, type Mount } from './mounts.ts'
import { realPath, temporaryDirectories } from './temporary.ts'

/** Bits of a mode: others may write; only the owner of a file may take it away. */
const othersWrite = 0o002
const sticky = 0o1000

/**
 * Whether others may reach what lies at a path: below a directory for temporary files, or in one that everybody may write. A file there
 * is made for its owner alone.
 */
export function isShared(filename: string): boolean {
  if (process.getuid === undefined) return false
  const directory = existing(dirname(filename))
  return isTemporary(realPath(filename)) || (statSync(directory).mode & othersWrite) !== 0
}

/**
 * Says why a file must not hold the rows of this program: somebody else owns it, or may put another in its place. Volumes are left alone,
 * since the users of another machine may own what is on them, and so are directories that root opened to everybody, as in images.
 */
export function describeIntruder(
  filename: string,
  mounts: readonly Mount[] | undefined = readMounts(),
): string | undefined {
  const self = process.getuid?.()
  if (self === undefined || isOnVolume(filename, mounts)) return undefined
  const owner = ownersOf(filename).find((uid) => uid !== 0 && uid !== self)
  if (owner !== undefined) return `it belongs to user ${owner}, and this program runs as user ${self}`
  const directory = existing(dirname(filename))
  const { mode, uid } = statSync(directory)
  const isOpen = (mode & othersWrite) !== 0 && (mode & sticky) === 0 && uid !== 0
  return isOpen ? `everybody may write the directory ${directory}, and take the file away` : undefined
}

function isOnVolume(filename: string, mounts: readonly Mount[] | undefined): boolean {
  const point = mounts && mountOf(mounts, realPath(filename))?.point
  return point !== undefined && point !== '/' && !temporaryDirectories().includes(point)
}

function isTemporary(path: string): boolean {
  return temporaryDirectories().some((directory) => path.startsWith(`${directory}/`))
}

/** The owners of a file, and of the symbolic link that leads to it. */
function ownersOf(filename: string): number[] {
  const found = [lstatSync, statSync].map((look) => look(filename, { throwIfNoEntry: false }))
  return found.flatMap((each) => each?.uid ?? [])
}

/** The directory itself, or the nearest above it that is there. */
function existing(directory: string): string {
  let path = directory
  while (!existsSync(path) && path !== dirname(path)) path = dirname(path)
  return path
}
