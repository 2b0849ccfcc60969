import { fstatSync, readSync } from 'node:fs'
import { hashOf } from './hash.ts'
import { keys, type PartName } from './keys.ts'
import { keep } from './line.ts'
import type { ReplicaTarget } from './replica-target.ts'

/** Of one part, in bytes. */
const partBytes = 8 * 2 ** 20

/**
 * Copies the whole file, part by part, and reads each part back.
 *
 * @param descriptor - of the file, which does not change meanwhile but for what stands in the log too.
 * @param isOver - whether the copy is not needed any more.
 */
export async function copyBase(
  target: ReplicaTarget,
  generation: string,
  descriptor: number,
  isOver: () => boolean,
): Promise<readonly PartName[] | undefined> {
  const { size } = fstatSync(descriptor)
  const parts: PartName[] = []
  for (let position = 0; position < size; position += partBytes) {
    if (isOver()) return undefined
    const bytes = Buffer.alloc(Math.min(partBytes, size - position))
    readSync(descriptor, bytes, 0, bytes.length, position)
    const hash = hashOf(bytes)
    const key = keys.part(generation, parts.length, bytes.length, hash)
    await keep(target, key, bytes)
    const there = await target.read(key)
    if (!there || hashOf(there) !== hash) throw new Error(`${key} did not come back as it was written`)
    parts.push({ key, bytes: bytes.length, hash })
  }
  return parts
}
