import { statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { copyBase } from './base.ts'
import type { Beginning } from './compare-local.ts'
import type { Guard } from './guard.ts'
import { keys } from './keys.ts'
import { keep, Line } from './line.ts'
import { keepRecord } from './local-record.ts'
import { LogReader, type LogPoint } from './log-reader.ts'
import { prune } from './prune.ts'
import type { ReplicaTarget } from './replica-target.ts'
import { firstHash } from './segment.ts'
import { writeStart, type HistoryPoint, type Start } from './start.ts'

const megabyte = 2 ** 20
/** The log is moved into the file when it has grown by so much, in bytes. */
const checkpointBytes = 16 * megabyte
/** What is committed since a base may always be as large as this, in bytes, before the next base is made. */
const leastBaseBytes = 16 * megabyte
/** A restore reads one object after the other: so many segments call for a new base too. */
const mostSegments = 5000
/** The log may always be as large as this, in bytes. */
const leastLogBytes = 64 * megabyte
/** How soon another base may follow one, and how soon one that failed is tried again, in milliseconds. */
const baseMs = { apart: 60_000, retry: 3000 }

/** Where copies go, by whose right, and how much lies there already. */
export interface CopyingPlace {
  readonly target: ReplicaTarget
  /** Of the lease. */
  readonly number: number
  readonly size: { readonly bytes: number; readonly segments: number }
}

/** A line, and how it begins, which is not in the replica yet. */
interface NewLine {
  readonly line: Line
  readonly start: Start
  readonly isExact: boolean
}

/** Copies a file as it is written: one line after the other. All of it but the base is done in rounds, one at a time. */
export class Copying {
  readonly #guard: Guard
  readonly #filename: string
  #place: CopyingPlace | undefined
  #count = 0
  #line: Line | undefined
  /** What is about to be in use: its beginning may be in the replica already. */
  #begins: NewLine | undefined
  /** What will be, once it has caught up. */
  #next: NewLine | undefined
  #basing: Promise<void> | undefined
  #baseNotBefore = 0
  #isBaseVoid = false
  /** Of a file without a line. */
  #reader: LogReader
  #checkpointedAt = 0
  #last: HistoryPoint | undefined
  #generation = ''
  #caughtUpAt = performance.now()
  #shippedAt = 0

  constructor(guard: Guard, filename: string) {
    this.#guard = guard
    this.#filename = filename
    this.#reader = new LogReader(filename)
  }

  /** The newest generation that is whole. */
  get generation(): string {
    return this.#generation
  }

  /** The last moment of which all commits are known to be in the replica, in epoch milliseconds. */
  get shippedAt(): number {
    return this.#shippedAt
  }

  /** Whether the replica held all that was committed, when it was last looked at. */
  get isShipped(): boolean {
    return this.#line?.isShipped === true && !this.#begins
  }

  /** For how long something has not been in the replica, in milliseconds. */
  get behindMs(): number {
    return this.isShipped ? 0 : performance.now() - this.#caughtUpAt
  }

  /** Begins to copy. */
  start(place: CopyingPlace, beginning: Beginning): void {
    this.#place = place
    if (beginning.with === 'base') return
    const { parent, log } = beginning
    const reader = new LogReader(this.#filename)
    // What the log held was seen to be in it when the file was compared.
    if (log && !reader.seek(log)) return
    const line = new Line(place.target, this.#nameGeneration(place), reader, parent)
    this.#last = parent
    this.#line = line
    this.#begins = { line, start: { format: 1, parent, log }, isExact: false }
  }

  /** Copies what was committed since the last round. Rejects with the replica's error. */
  async round(): Promise<void> {
    try {
      if (this.#next) await this.#goOver(this.#next)
      else await this.#advance()
      if (this.#needsBase()) await this.#beginBase()
      if (!this.#line && this.#baseError !== undefined) throw this.#baseError
    } finally {
      await this.#keepLogSmall()
    }
  }

  /** Makes rounds until the replica holds all that was committed. */
  async catchUp(): Promise<void> {
    for (;;) {
      await this.round()
      await this.#basing
      if (this.isShipped) return
      await sleep(20)
    }
  }

  /** Copies what was committed since, while nobody else commits. */
  async shipTail(): Promise<void> {
    await this.#advance()
    if (!this.isShipped) throw new Error('a part of the file is not in the replica yet')
  }

  /** Moves all of the log into the file, and notes what the file is then. */
  async settle(): Promise<void> {
    await this.#checkpoint(true)
  }

  async #advance(): Promise<void> {
    const line = this.#line
    if (!line) return
    const now = [performance.now(), Date.now()] as const
    if (!line.reader.scan()) return this.#endLine()
    await this.#begin()
    await line.ship()
    ;[this.#caughtUpAt, this.#shippedAt] = now
  }

  async #begin(): Promise<void> {
    const { line, start, isExact } = this.#begins ?? {}
    const { target } = this.#place!
    if (!line || !start) return
    const { content, hash } = writeStart(start)
    await keep(target, keys.start(line.generation, hash), content)
    await target.write(keys.proved, Buffer.from(line.generation))
    this.#begins = undefined
    this.#generation = line.generation
    if (!start.base) return
    // A log that nobody has written to proves nothing.
    if (isExact) await keepRecord(this.#filename, { point: originOf(line.generation), isExact })
    // What is left is removed with the next base.
    void prune(target, line.generation).catch(() => undefined)
  }

  #endLine(): void {
    this.#last = this.#line?.shipped ?? this.#last
    this.#line = undefined
    this.#begins = undefined
    this.#dropBase()
    this.#reader = new LogReader(this.#filename)
  }

  #dropBase(): void {
    this.#isBaseVoid = true
    this.#next = undefined
  }

  #needsBase(): boolean {
    if (!this.#place || this.#isMakingBase || performance.now() < this.#baseNotBefore) return false
    if (!this.#line) return true
    const { size } = this.#place
    const bytes = size.bytes + this.#line.size.bytes
    const segments = size.segments + this.#line.size.segments
    return bytes > Math.max(this.#fileBytes, leastBaseBytes) || segments > mostSegments
  }

  get #isMakingBase(): boolean {
    return this.#basing !== undefined || this.#next !== undefined
  }

  get #fileBytes(): number {
    return statSync(this.#filename).size
  }

  #nameGeneration({ number }: CopyingPlace): string {
    return keys.generation(number, ++this.#count)
  }

  /** The base is the file as it is now; all that is in the log after that, or before it and not moved, follows. */
  async #beginBase(): Promise<void> {
    const place = this.#place!
    const isExact = await this.#checkpoint(false).catch(() => false)
    const reader = new LogReader(this.#filename)
    const log = isExact ? this.#checkpointed : undefined
    if (log && reader.seek(log) && !reader.hasMore) reader.allowRestart()
    else if (!log) reader.scan()
    this.#isBaseVoid = false
    this.#basing = this.#copyBase(place, reader, isExact)
      .catch((error: unknown) => {
        this.#baseNotBefore = performance.now() + baseMs.retry
        this.#baseError = error
      })
      .finally(() => (this.#basing = undefined))
  }

  #baseError: unknown
  #checkpointed: LogPoint | undefined

  async #copyBase(place: CopyingPlace, reader: LogReader, isExact: boolean): Promise<void> {
    const { target } = place
    const generation = this.#nameGeneration(place)
    const log = reader.point
    this.#baseError = undefined
    const base = await copyBase(target, generation, this.#guard.descriptor, () => this.#isBaseVoid)
    if (!base) return
    const line = new Line(target, generation, reader, originOf(generation))
    if (!reader.scan()) return
    await line.ship()
    if (!this.#isBaseVoid) this.#next = { line, start: { format: 1, base, log }, isExact }
  }

  /** Leaves the old line for one that has a base of its own. */
  async #goOver(next: NewLine): Promise<void> {
    this.#next = undefined
    if (!next.line.reader.scan()) return
    await next.line.ship()
    this.#line = next.line
    this.#begins = next
    this.#place = { ...this.#place!, size: { bytes: 0, segments: 0 } }
    this.#baseNotBefore = performance.now() + baseMs.apart
    await this.#advance()
  }

  async #keepLogSmall(): Promise<void> {
    const reader = this.#line?.reader ?? this.#reader
    if (!this.#line) reader.skip()
    const bytes = reader.logBytes
    if (bytes < this.#checkpointedAt) this.#checkpointedAt = 0
    if (bytes - this.#checkpointedAt < checkpointBytes) return
    const isTooLarge = bytes > Math.max(2 * this.#fileBytes, leastLogBytes) - checkpointBytes
    if (this.#isMakingBase && !isTooLarge) return
    this.#checkpointedAt = bytes
    await this.#checkpoint(isTooLarge).catch(() => undefined)
  }

  /**
   * Moves the log into the file.
   *
   * @param isUrgent - whether what is not in the replica may be left out of its line, which ends with that.
   * @returns whether all of it was moved.
   */
  async #checkpoint(isUrgent: boolean): Promise<boolean> {
    const turn = await this.#guard.takeTurn()
    try {
      const line = this.#line
      if (line && !(line.reader.scan() && line.fill())) {
        if (!isUrgent) return false
        this.#endLine()
      }
      if (isUrgent) this.#dropBase()
      if (this.#begins) this.#begins = { ...this.#begins, isExact: false }
      const reader = this.#line?.reader ?? this.#reader
      if (!this.#line) reader.skip()
      const isFull = await this.#guard.checkpoint()
      if (!isFull) return false
      this.#checkpointed = reader.point
      reader.allowRestart()
      const point = this.#line?.shipped ?? this.#last
      if (point) await keepRecord(this.#filename, { point, isExact: this.#line?.isShipped === true })
      return true
    } finally {
      await turn.release()
    }
  }
}

function originOf(generation: string): HistoryPoint {
  return { generation, position: 0, hash: firstHash(generation) }
}
