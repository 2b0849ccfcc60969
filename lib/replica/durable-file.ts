import { open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../resolve/error-code.ts'

/** Writes a file that must not exist; `false` where it does. One that could not be finished is taken away. */
export async function writeNew(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await writeDurably(path, bytes, 'wx')
    await syncDirectory(dirname(path))
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    await rm(path, { force: true })
    throw error
  }
}

/** Writes a file, and returns once the disk has it. */
export async function writeDurably(path: string, bytes: Uint8Array, flags: 'w' | 'wx'): Promise<void> {
  await using file = await open(path, flags)
  await file.writeFile(bytes)
  await file.sync()
}

/** Makes the names in a directory durable, where its file system can. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r').catch(() => undefined)
  await directory?.sync().catch(() => undefined)
  await directory?.close()
}
