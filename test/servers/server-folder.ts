import { existsSync, mkdtempSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
const enoughBytes = 1024 ** 3

/**
 * Where servers keep their data: in memory where there is plenty, because a disk costs a server's start ten times the processor
 * time. What the system gives containers is little, and stays unused.
 */
export const serversFolder = hasRoom() ? memory : tmpdir()

/** A folder for one server. */
export function newServerFolder(name: string): string {
  return mkdtempSync(join(serversFolder, `failsoft-${name}-`))
}

function hasRoom(): boolean {
  if (!existsSync(memory)) return false
  const { bavail, bsize } = statfsSync(memory)
  return bavail * bsize >= enoughBytes
}
