import { realpathSync, readlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** So many links are followed, as Linux does. */
const mostLinks = 40

/** Where a file is that is named by a symbolic link, or would be made: SQLite makes it there too. */
export function followLink(filename: string, links: number = mostLinks): string {
  try {
    return realpathSync(filename)
  } catch {
    const next = links > 0 ? readLink(filename) : undefined
    return next === undefined ? filename : followLink(next, links - 1)
  }
}

/** Where it leads; nothing for what is no link. */
function readLink(filename: string): string | undefined {
  try {
    const to = readlinkSync(filename)
    return resolve(realpathSync(dirname(filename)), to)
  } catch {
    return undefined
  }
}
