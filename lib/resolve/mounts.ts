import { readFileSync } from 'node:fs'

/** One line of `/proc/self/mountinfo`. */
export interface Mount {
  /** Where it is mounted. */
  readonly point: string
  /** Which part of the file system is mounted there. */
  readonly root: string
  /** Such as `ext4`, `overlay`, `fuse.hf-mount`. */
  readonly type: string
  readonly source: string
  readonly isReadOnly: boolean
}

/**
 * Reads the mount table of this process.
 *
 * @returns the mounts, or `undefined` where there is no table: not Linux, or `/proc` is not readable.
 */
export function readMounts(path: string = '/proc/self/mountinfo'): readonly Mount[] | undefined {
  try {
    return parseMounts(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Reads the text of a mount table, as described in proc(5). */
export function parseMounts(text: string): readonly Mount[] {
  return text.split('\n').flatMap((line) => {
    const [left = '', right = ''] = line.split(' - ', 2)
    const [, , , root, point, options] = left.split(' ')
    const [type, source, superOptions] = right.split(' ')
    if (!point?.startsWith('/') || !root || !type) return []
    const isReadOnly = [options, superOptions].some((list) => list?.split(',').includes('ro'))
    return [
      { point: unescape(point), root: unescape(root), type, source: unescape(source ?? ''), isReadOnly },
    ]
  })
}

/** Spaces, tabs, newlines and backslashes are written as octal numbers. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

/**
 * Finds the mount that a path lies on: the deepest one, and of several at one point the last, which hides the others.
 *
 * @param path - an absolute path without symbolic links.
 */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
  let best: Mount | undefined
  for (const mount of mounts) {
    const isAbove = mount.point === '/' || path === mount.point || path.startsWith(`${mount.point}/`)
    if (isAbove && (!best || mount.point.length >= best.point.length)) best = mount
  }
  return best
}
