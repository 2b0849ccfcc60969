import { copyBase } from './base.ts'
import type { FileLog } from './file-log.ts'
import { Line } from './line.ts'
import type { LogPoint, LogReader } from './log-reader.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { firstHash } from './segment.ts'
import type { HistoryPoint, Start } from './start.ts'

/** A line, and how it begins in the replica. */
export interface BegunLine {
  readonly line: Line
  readonly start: Start
  /** Whether the file is exactly what it begins with, as long as its log is not moved again. */
  readonly isExact: boolean
}

/** A line that is being made beside the one in use: a copy of the whole file, and what was committed since. */
export class NextLine {
  readonly #target: ReplicaTarget
  readonly #generation: string
  readonly #log: FileLog
  readonly #reader: LogReader
  readonly #moved: LogPoint | 'nothing' | undefined
  #isVoid = false

  /**
   * The file does not change meanwhile but by what the reader comes to.
   *
   * @param moved - where the log stood when all of it was moved into the file, just now; absent where it was not: then the
   * whole log comes after the base.
   */
  constructor(target: ReplicaTarget, generation: string, log: FileLog, moved?: LogPoint | 'nothing') {
    this.#target = target
    this.#generation = generation
    this.#log = log
    this.#moved = moved
    this.#reader = log.read()
    // Where the next commit has begun the log anew already, all of it comes after the base.
    if (moved && moved !== 'nothing' && this.#reader.seek(moved)) {
      if (!this.#reader.hasMore) this.#reader.allowRestart()
    } else this.#reader.scan()
  }

  /** The log is moved into the file before the copy is done: it is none. */
  drop(): void {
    this.#isVoid = true
  }

  /** Makes it; nothing where it was dropped. Rejects with the replica's error. */
  async make(): Promise<BegunLine | undefined> {
    let made: BegunLine | undefined
    try {
      return (made = await this.#copy())
    } finally {
      if (!made) this.#reader.close()
    }
  }

  async #copy(): Promise<BegunLine | undefined> {
    const log = this.#reader.point
    const base = await copyBase(
      this.#target,
      this.#generation,
      this.#log.guard.descriptor,
      () => this.#isVoid,
    )
    if (!base) return undefined
    const origin = originOf(this.#generation)
    const line = new Line(this.#target, this.#generation, this.#reader, origin)
    if (!line.reader.scan()) return undefined
    await line.ship()
    if (this.#isVoid) return undefined
    return { line, start: { format: 1, base, log }, isExact: this.#moved !== undefined }
  }
}

/** Where a generation with a base begins. */
export function originOf(generation: string): HistoryPoint {
  return { generation, position: 0, hash: firstHash(generation) }
}
