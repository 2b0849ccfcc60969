import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { isBlank, type Environment } from './environment.ts'

/** The longest path that Linux takes, in bytes. */
export const pathLimit = 4096

/** The directory for temporary files: `TMPDIR`, else the system's. */
export function temporaryDirectory(env: Environment): string {
  const { TMPDIR } = env
  const isUsable = typeof TMPDIR === 'string' && !isBlank(TMPDIR) && TMPDIR.length < pathLimit
  return isUsable ? resolve('/', TMPDIR) : tmpdir()
}

/** Directories that are cleaned up, and that everybody may write; without symbolic links. */
export function temporaryDirectories(env: Environment = process.env): readonly string[] {
  return [temporaryDirectory(env), '/tmp', '/var/tmp', '/dev/shm'].map(realPath)
}

/** Follows symbolic links as far as the path exists. One that is too long leads nowhere. */
export function realPath(path: string): string {
  if (path.length >= pathLimit) return path
  try {
    return realpathSync(path)
  } catch {
    const parent = dirname(path)
    // A drive of Windows that is not there is its own parent.
    return parent === path ? path : join(realPath(parent), path.slice(parent.length))
  }
}
