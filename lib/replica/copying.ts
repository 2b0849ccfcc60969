import { setTimeout as sleep } from 'node:timers/promises'
import { beginLine } from './begin-line.ts'
import type { Beginning } from './compare-local.ts'
import type { FileLog } from './file-log.ts'
import { readHistory } from './history.ts'
import { keys } from './keys.ts'
import { Line, type LineSize } from './line.ts'
import type { KnownPlace } from './local-record.ts'
import type { LogPoint, LogReader } from './log-reader.ts'
import { NextLine, type BegunLine } from './next-line.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { nowhere } from './start.ts'

/** What follows a base may always be as large as this, in bytes, before the next base is made. */
const leastBaseBytes = 16 * 2 ** 20
/** A restore reads one object after the other: so many segments call for a new base too. */
const mostSegments = 5000
/** How soon another base may follow one, and how soon one that failed is tried again, in milliseconds. */
const baseMs = { apart: 60_000, retry: 3000 }

/** After so many rounds it is seen whether the replica still holds what was copied: others can empty it. */
const roundsBetweenLooks = 60

/** Where copies go, and by whose right. */
export interface CopyingPlace {
  readonly target: ReplicaTarget
  /** Of the lease. */
  readonly number: number
}

/** Copies a file as it is written, one line after the other. All but the base is done in rounds, one at a time. */
export class Copying {
  readonly #log: FileLog
  #place: CopyingPlace | undefined
  #count = 0
  #line: Line | undefined
  /** The line in use, as long as its beginning may not be in the replica. */
  #beginning: BegunLine | undefined
  /** The line that will be, while it is made, and once it is. */
  #making: NextLine | undefined
  #made: BegunLine | undefined
  #makingDone: Promise<void> | undefined
  #makingError: unknown
  /** When the next base may begin: after one that failed, and, as long as there is a line, after the last one. */
  #notBefore = { retry: 0, next: 0 }
  /** The last place of the replica that the file is known to hold, while no line has begun there. */
  #known: KnownPlace | undefined
  #caughtUpAt = performance.now()
  #rounds = 0
  /** The newest generation that is whole; empty before the first. */
  generation = ''
  /** The last moment of which all commits are known to be in the replica, in epoch milliseconds; 0 before the first. */
  shippedAt = 0

  /** @param known - what of the replica the file is known to hold. */
  constructor(log: FileLog, known: KnownPlace | undefined) {
    this.#log = log
    this.#known = known
  }

  /** Whether the replica held all that was committed, when it was last looked at. */
  get isShipped(): boolean {
    return this.#line?.isShipped === true && !this.#beginning
  }

  /** The last place of the replica that the file is known to hold; absent where nothing is known. */
  get known(): KnownPlace | undefined {
    const [line, place] = [this.#line, this.#place]
    if (!line || !place) return this.#known
    const { name: replica } = place.target
    if (!this.#beginning) return { replica, point: line.shipped }
    // What has not begun in the replica is no place of it, but it may have without an answer.
    return { replica, point: nowhere, ...this.#known, next: line.shipped }
  }

  /** For how long something has not been in the replica, in milliseconds. */
  get behindMs(): number {
    return this.isShipped ? 0 : performance.now() - this.#caughtUpAt
  }

  /**
   * Begins to copy.
   *
   * @param size - of what lies in the replica behind its last base.
   */
  start(place: CopyingPlace, beginning: Beginning, size: LineSize): void {
    this.#place = place
    if (beginning.with === 'base') return
    const { parent, log } = beginning
    const reader = this.#log.read()
    // It was found there when the file was compared.
    if (log && !reader.seek(log)) return reader.close()
    this.#known = { replica: place.target.name, point: parent }
    const line = new Line(place.target, this.#nameGeneration(place), reader, parent, size)
    this.#use({ line, start: { format: 1, parent, log }, isExact: false })
  }

  /** Copies what was committed since the last round. Rejects with the replica's error. */
  async round(): Promise<void> {
    try {
      if (this.#made) await this.#goOver(this.#made)
      await this.shipTail()
      if (++this.#rounds % roundsBetweenLooks === 0) await this.#lookBack()
      if (this.#place && this.#needsBase()) await this.#makeNext(this.#place)
      if (!this.#line && this.#makingError !== undefined) throw this.#makingError
    } finally {
      await this.#keepLogSmall()
    }
  }

  /** Makes rounds until the replica holds all that was committed. */
  async catchUp(): Promise<void> {
    for (;;) {
      await this.round()
      await this.#makingDone
      if (this.isShipped) return
      await sleep(20)
    }
  }

  /** Copies what was committed since, and nothing else. */
  async shipTail(): Promise<void> {
    const line = this.#line
    if (!line) return
    const now = [performance.now(), Date.now()] as const
    if (!line.reader.scan()) return this.#endLine()
    await this.#begin()
    await line.ship()
    ;[this.#caughtUpAt, this.shippedAt] = now
  }

  /** Moves all of the log into the file, and notes what the file is then. */
  async settle(): Promise<void> {
    await this.#moveLog(true)
  }

  #nameGeneration({ number }: CopyingPlace): string {
    return keys.generation(number, ++this.#count)
  }

  #use(begun: BegunLine): void {
    this.#known = this.known
    this.#line = begun.line
    this.#beginning = begun
  }

  async #begin(): Promise<void> {
    if (!this.#beginning) return
    const { line } = this.#beginning
    await beginLine(this.#place!.target, this.#log, () => this.#beginning)
    this.#beginning = undefined
    this.generation = line.generation
  }

  #endLine(): void {
    this.#known = this.known
    this.#line?.reader.close()
    this.#line = undefined
    this.#beginning = undefined
    this.#dropNext()
  }

  /** What was copied may be gone, or be that of another time: then all is copied anew. */
  async #lookBack(): Promise<void> {
    const [line, place] = [this.#line, this.#place]
    if (!line || !place) return
    const history = await readHistory(place.target)
    const isThere = history?.damage === undefined && history?.end.point.hash === line.shipped.hash
    if (!isThere) this.#endLine()
  }

  #dropNext(): void {
    this.#making?.drop()
    this.#made?.line.reader.close()
    this.#made = undefined
  }

  #needsBase(): boolean {
    const { retry, next } = this.#notBefore
    if (this.#making || this.#made || performance.now() < retry) return false
    // Until then nothing is copied.
    if (!this.#line) return true
    if (performance.now() < next) return false
    const { bytes, segments } = this.#line.size
    return bytes > Math.max(this.#log.fileBytes, leastBaseBytes) || segments > mostSegments
  }

  async #makeNext(place: CopyingPlace): Promise<void> {
    // Else all of the log comes after the base.
    const moved = await this.#moveLog(false).catch(() => undefined)
    const next = new NextLine(place.target, this.#nameGeneration(place), this.#log, moved)
    this.#making = next
    this.#makingDone = next.make().then(
      (made) => this.#endMaking(made),
      (error: unknown) => this.#endMaking(undefined, error),
    )
  }

  #endMaking(made: BegunLine | undefined, error?: unknown): void {
    this.#making = undefined
    this.#made = made
    this.#makingError = error
    if (error !== undefined) this.#notBefore.retry = performance.now() + baseMs.retry
  }

  /** Leaves the line in use for one that has a base of its own. */
  async #goOver(made: BegunLine): Promise<void> {
    this.#made = undefined
    try {
      if (!made.line.reader.scan()) return
      await made.line.ship()
      this.#line?.reader.close()
      this.#use(made)
      this.#notBefore.next = performance.now() + baseMs.apart
    } finally {
      if (this.#line !== made.line) made.line.reader.close()
    }
  }

  async #keepLogSmall(): Promise<void> {
    const look = this.#log.look(this.#line?.reader)
    if (look === 'small' || (look === 'grown' && (this.#making || this.#made))) return
    await this.#moveLog(look === 'large').catch(() => undefined)
  }

  /**
   * @param isUrgent - whether what cannot be copied first is left out: then the line ends with that.
   * @returns where the log stood when all of it was moved.
   */
  async #moveLog(isUrgent: boolean): Promise<LogPoint | 'nothing' | undefined> {
    let moved: LogPoint | 'nothing' | undefined
    // The file is not to change while it is copied.
    if (!this.#making && !this.#made) await this.#log.guard.moveAhead()
    await this.#log.move(
      () => this.#readRest(isUrgent),
      async (reader) => {
        moved = reader.point ?? 'nothing'
        const { known } = this
        if (known) await this.#log.note({ ...known, isExact: this.isShipped })
      },
    )
    return moved
  }

  #readRest(isUrgent: boolean): LogReader | 'nobody' | undefined {
    const reader = this.#line?.reader
    if (reader && !(reader.scan() && this.#line?.fill())) {
      if (!isUrgent) return undefined
      this.#endLine()
    }
    // What was copied of the file is not the file any more.
    if (isUrgent) this.#dropNext()
    if (this.#beginning) this.#beginning = { ...this.#beginning, isExact: false }
    return this.#line ? this.#line.reader : 'nobody'
  }
}
