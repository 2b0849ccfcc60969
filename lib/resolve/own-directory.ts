import { lstatSync } from 'node:fs'

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
