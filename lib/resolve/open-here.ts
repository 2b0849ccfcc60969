import { fstatSync, readdirSync, type Stats } from 'node:fs'

/** Where the descriptors of this process are listed: Linux, macOS. */
const descriptorLists = ['/proc/self/fd', '/dev/fd']

/**
 * Tells whether this process has a file open. Closing any descriptor of a file drops all POSIX locks that the process holds on it, so
 * a database in use must not be read, not even for its header.
 *
 * @param lists - directories that list the descriptors; the first that exists is read.
 * @returns `false` on Windows, where locks belong to descriptors; `true` where it cannot be known.
 */
export function isOpenHere(
  file: Pick<Stats, 'dev' | 'ino'>,
  lists: readonly string[] = descriptorLists,
): boolean {
  const list = lists.map(readDescriptors).find((names) => names !== undefined)
  if (!list) return process.platform !== 'win32'
  return list.some((descriptor) => {
    try {
      const open = fstatSync(descriptor)
      return open.ino === file.ino && open.dev === file.dev
    } catch {
      // The descriptor of the listing itself is closed by now.
      return false
    }
  })
}

function readDescriptors(path: string): number[] | undefined {
  try {
    return readdirSync(path).map(Number)
  } catch {
    return undefined
  }
}
