import type { LogReader } from './log-reader.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { firstHash, makeSegment, type Segment } from './segment.ts'
import type { HistoryPoint } from './start.ts'

/** So much of what was read and is not in the replica yet is held in memory, in bytes; the rest stays in the log. */
const mostWaiting = 16 * 2 ** 20
/** Of one segment, in bytes. */
const mostInSegment = 8 * 2 ** 20

/** What a restore reads behind the base. */
export interface LineSize {
  readonly bytes: number
  readonly segments: number
}

/** One generation of the replica as it grows: what is committed is read from the log, and shipped in order. */
export class Line {
  readonly generation: string
  readonly reader: LogReader
  readonly #target: ReplicaTarget
  readonly #waiting: Segment[] = []
  #position: number
  #hash: string
  #shipped: HistoryPoint
  #size: LineSize

  /**
   * @param origin - where it goes on from: the end of another one, or the beginning of its own.
   * @param size - of what lies before that, behind the base.
   */
  constructor(
    target: ReplicaTarget,
    generation: string,
    reader: LogReader,
    origin: HistoryPoint,
    size: LineSize = { bytes: 0, segments: 0 },
  ) {
    this.#size = size
    this.#target = target
    this.generation = generation
    this.reader = reader
    this.#position = origin.position
    this.#hash = firstHash(generation)
    this.#shipped = origin
  }

  /** How far the replica has come. */
  get shipped(): HistoryPoint {
    return this.#shipped
  }

  /** What a restore would read behind the base. */
  get size(): LineSize {
    return this.#size
  }

  /** Whether the replica holds all that was seen. */
  get isShipped(): boolean {
    return this.#waiting.length === 0 && !this.reader.hasMore
  }

  /** Takes into memory what was seen, up to a bound. Returns whether that is all. */
  fill(): boolean {
    let bytes = this.#waiting.reduce((sum, { content }) => sum + content.length, 0)
    while (bytes < mostWaiting) {
      const piece = this.reader.take(mostInSegment)
      if (!piece) break
      const segment = makeSegment(this.generation, this.#position, this.#hash, piece)
      this.#position += segment.frames
      this.#hash = segment.hash
      this.#waiting.push(segment)
      bytes += segment.content.length
    }
    return !this.reader.hasMore
  }

  /** Ships all that was seen. Rejects with the replica's error; what was not acknowledged is shipped again then, under the same name. */
  async ship(): Promise<void> {
    do {
      this.fill()
      for (let segment = this.#waiting[0]; segment; segment = this.#waiting[0]) {
        await keep(this.#target, segment.key, segment.content)
        this.#waiting.shift()
        this.#note(segment)
      }
    } while (this.reader.hasMore)
  }

  #note({ position, frames, hash, bytes }: Segment): void {
    this.#shipped = { generation: this.generation, position: position + frames, hash }
    this.#size = { bytes: this.#size.bytes + bytes, segments: this.#size.segments + 1 }
  }
}

/** Keeps bytes under a name that says what they are: what is there already is the same, or was torn. */
export async function keep(target: ReplicaTarget, key: string, content: Uint8Array): Promise<void> {
  if (await target.create(key, content)) return
  const there = await target.read(key)
  if (!there?.equals(content)) await target.write(key, content)
}
