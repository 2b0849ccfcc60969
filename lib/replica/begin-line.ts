import type { FileLog } from './file-log.ts'
import { keys } from './keys.ts'
import { keep } from './line.ts'
import { originOf, type BegunLine } from './next-line.ts'
import { prune } from './prune.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { writeStart } from './start.ts'

/**
 * Writes down how a line begins: from then on it counts, and what has a base makes the older generations needless.
 *
 * @param now - the line, as it is known now: it may have ceased to be exactly what it began with.
 */
export async function beginLine(
  target: ReplicaTarget,
  log: FileLog,
  now: () => BegunLine | undefined,
): Promise<void> {
  const { line, start } = now()!
  const { content, hash } = writeStart(start)
  await keep(target, keys.start(line.generation, hash), content)
  await target.write(keys.proved, Buffer.from(line.generation))
  // A log that nobody has written to yet proves nothing.
  if (now()?.isExact)
    await log.note({ replica: target.name, point: originOf(line.generation), isExact: true })
  // What is left of the older ones is removed with the next base.
  if (start.base) void prune(target, line.generation).catch(() => undefined)
}
