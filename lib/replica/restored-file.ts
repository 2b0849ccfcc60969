import { open, type FileHandle } from 'node:fs/promises'
import { hashOf } from './hash.ts'
import type { PartName, SegmentName } from './keys.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { isSegment, readSegment } from './segment.ts'

/** So many objects are asked for at once. */
const ahead = 8

/** What was found damaged while a history was read. */
export class DamagedReplica extends Error {}

/** A file that a history is written into, from its base on. */
export class RestoredFile {
  readonly #target: ReplicaTarget
  readonly #file: FileHandle
  readonly #signal: AbortSignal | undefined

  private constructor(target: ReplicaTarget, file: FileHandle, signal: AbortSignal | undefined) {
    this.#target = target
    this.#file = file
    this.#signal = signal
  }

  /** Begins a file anew. */
  static async create(target: ReplicaTarget, path: string, signal?: AbortSignal): Promise<RestoredFile> {
    return new RestoredFile(target, await open(path, 'w', 0o600), signal)
  }

  /** Writes the copy of the whole file. */
  async writeBase(parts: readonly PartName[]): Promise<void> {
    let position = 0
    for await (const [part, content] of this.#read(parts)) {
      if (hashOf(content) !== part.hash) throw new DamagedReplica(`its part ${part.key} is not what it was`)
      await this.#file.write(content, 0, content.length, position)
      position += content.length
    }
  }

  /**
   * Writes the pages of segments, one transaction after the other, each only once all of it was checked.
   *
   * @returns the hash of the last one, and how far it came.
   */
  async writeSegments(segments: readonly SegmentName[], hashBefore: string): Promise<void> {
    let hash = hashBefore
    let waiting: SegmentName[] = []
    for await (const [segment, content] of this.#read(segments)) {
      if (!isSegment(segment, hash, content)) {
        throw new DamagedReplica(`its part ${segment.key} is not what it was, or of another history`)
      }
      ;({ hash } = segment)
      if (!segment.endsCommit) waiting.push(segment)
      else {
        for await (const [, earlier] of this.#read(waiting)) await this.#writePages(earlier)
        await this.#writePages(content)
        waiting = []
      }
    }
  }

  /** Has all of it on the disk. */
  async close(): Promise<void> {
    await this.#file.sync()
    await this.#file.close()
  }

  async #writePages(content: Buffer): Promise<void> {
    const { pageSize, commitPages, pages } = readSegment(content)
    for (const [number, page] of pages) {
      await this.#file.write(page, 0, pageSize, (number - 1) * pageSize)
    }
    if (commitPages > 0) await this.#file.truncate(commitPages * pageSize)
  }

  async *#read<Name extends { readonly key: string }>(
    names: readonly Name[],
  ): AsyncIterable<readonly [Name, Buffer]> {
    const coming: Promise<Buffer | undefined>[] = []
    for (const [index, name] of names.entries()) {
      while (coming.length < ahead && index + coming.length < names.length) {
        const next = this.#target.read(names[index + coming.length]!.key)
        // Whoever waits for it hears of its failure.
        next.catch(() => undefined)
        coming.push(next)
      }
      this.#signal?.throwIfAborted()
      const content = await coming.shift()
      if (!content) throw new DamagedReplica(`its part ${name.key} is missing`)
      yield [name, content]
    }
  }
}
