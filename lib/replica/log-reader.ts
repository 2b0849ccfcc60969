import { closeSync, openSync, readSync } from 'node:fs'
import { errorCode } from '../resolve/error-code.ts'
import { addToChecksum, type Checksum } from './log-checksum.ts'
import { headerBytes, readLogHeader, type LogHeader } from './log-header.ts'

/** A place in a log. No other log has the same salts, and no other content up to there the same checksum. */
export interface LogPoint {
  readonly salts: readonly [number, number]
  /** How many frames lie before it. */
  readonly frame: number
  readonly checksum: Checksum
}

/** Committed frames that follow each other; of a page that was written several times, the last. */
export interface LogPiece {
  readonly frames: number
  readonly pageSize: number
  /** How many pages the database has after it; 0 where it ends within a transaction. */
  readonly commitPages: number
  readonly pages: ReadonlyMap<number, Buffer>
  /** Where it ends. */
  readonly end: LogPoint
}

/** A frame that was read and is right. */
interface Frame {
  readonly page: number
  readonly commitPages: number
  readonly checksum: Checksum
}

const frameHeaderBytes = 24
/** How much is read at a time. */
const chunkBytes = 2 ** 20

/**
 * Reads the committed frames of SQLite's log, by its salts and checksums, never by the size of the file: what was left from before a
 * restart lies behind them. It opens the log alone, on which SQLite holds no locks.
 *
 * @see {@link https://sqlite.org/fileformat2.html#the_write_ahead_log}
 */
export class LogReader {
  readonly #filename: string
  #descriptor: number | undefined
  #header: LogHeader | undefined
  /** All frames before this one were taken. */
  #taken = 0
  #takenChecksum: Checksum = [0, 0]
  /** Committed, and not taken yet. */
  #frames: Frame[] = []
  #mayRestart = true

  /** @param filename - of the database. */
  constructor(filename: string) {
    this.#filename = `${filename}-wal`
  }

  /** Where what was taken ends; nothing before there was a log. */
  get point(): LogPoint | undefined {
    const { salts } = this.#header ?? {}
    return salts && { salts, frame: this.#taken, checksum: this.#takenChecksum }
  }

  /** Whether something committed was not taken yet. */
  get hasMore(): boolean {
    return this.#frames.length > 0
  }

  /** How many bytes of the log hold committed frames. */
  get logBytes(): number {
    const { pageSize = 0 } = this.#header ?? {}
    return (this.#taken + this.#frames.length) * (pageSize + frameHeaderBytes)
  }

  /** All of the log is in the file, and nobody but this program could checkpoint it again: the next commit may begin the log anew. */
  allowRestart(): void {
    this.#mayRestart = true
  }

  /** Reads no more. */
  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  /** Goes on at a place that an earlier reader has come to. Returns whether this log holds it. */
  seek(point: LogPoint): boolean {
    this.scan()
    const { salts } = this.#header ?? {}
    if (!salts || salts[0] !== point.salts[0] || salts[1] !== point.salts[1]) return false
    const last = this.#frames[point.frame - 1]
    const checksum = point.frame === 0 ? this.#header?.checksum : last?.checksum
    if (checksum?.[0] !== point.checksum[0] || checksum[1] !== point.checksum[1]) return false
    this.#drop(point.frame)
    return true
  }

  /** Skips all that is committed by now. Returns whether the log still is the one that was read before. */
  skip(): boolean {
    const isSame = this.scan()
    this.#drop(this.#frames.length)
    return isSame
  }

  /**
   * Looks for what was committed since.
   *
   * @returns whether the log still is the one that was read before.
   */
  scan(): boolean {
    const header = this.#readHeader()
    if (!header) return true
    const { salts } = this.#header ?? {}
    if (salts?.[0] !== header.salts[0] || salts[1] !== header.salts[1]) {
      if (!this.#mayRestart || this.#frames.length > 0) return false
      this.#begin(header)
    }
    this.#scanFrames(header)
    if (this.#frames.length > 0) this.#mayRestart = false
    return true
  }

  /** Takes what is next, up to so many different pages' bytes. */
  take(mostBytes: number): LogPiece | undefined {
    const { pageSize } = this.#header ?? {}
    if (pageSize === undefined || this.#frames.length === 0) return undefined
    const last = new Map<number, number>()
    let count = 0
    while (count < this.#frames.length && (last.size + 1) * pageSize <= mostBytes) {
      last.set(this.#frames[count]!.page, this.#taken + count)
      count++
    }
    const pages = new Map([...last].map(([page, frame]) => [page, this.#readPage(frame, pageSize)]))
    const { commitPages } = this.#frames[count - 1]!
    this.#drop(count)
    return { frames: count, pageSize, commitPages, pages, end: this.point as LogPoint }
  }

  #begin(header: LogHeader): void {
    this.#header = header
    this.#taken = 0
    this.#takenChecksum = header.checksum
  }

  #drop(count: number): void {
    if (count === 0) return
    this.#takenChecksum = this.#frames[count - 1]!.checksum
    this.#taken += count
    this.#frames = this.#frames.slice(count)
  }

  #readHeader(): LogHeader | undefined {
    return readLogHeader(this.#read(0, headerBytes))
  }

  /** Frames that are not committed yet are read again the next time: they may have been rolled back, and overwritten. */
  #scanFrames({ salts, pageSize, isBigEndian }: LogHeader): void {
    const size = frameHeaderBytes + pageSize
    const perChunk = Math.max(1, Math.floor(chunkBytes / size))
    let checksum = this.#frames.at(-1)?.checksum ?? this.#takenChecksum
    let found: Frame[] = []
    for (;;) {
      const first = this.#taken + this.#frames.length + found.length
      const chunk = this.#read(headerBytes + first * size, perChunk * size)
      for (let at = 0; at + size <= chunk.length; at += size) {
        const frame = chunk.subarray(at, at + size)
        if (frame.readUInt32BE(8) !== salts[0] || frame.readUInt32BE(12) !== salts[1]) return
        checksum = addToChecksum(checksum, frame.subarray(0, 8), isBigEndian)
        checksum = addToChecksum(checksum, frame.subarray(frameHeaderBytes), isBigEndian)
        if (frame.readUInt32BE(16) !== checksum[0] || frame.readUInt32BE(20) !== checksum[1]) return
        found.push({ page: frame.readUInt32BE(0), commitPages: frame.readUInt32BE(4), checksum })
        if (found.at(-1)?.commitPages === 0) continue
        for (const each of found) this.#frames.push(each)
        found = []
      }
      if (chunk.length < perChunk * size) return
    }
  }

  #readPage(frame: number, pageSize: number): Buffer {
    const page = this.#read(headerBytes + frame * (frameHeaderBytes + pageSize) + frameHeaderBytes, pageSize)
    if (page.length < pageSize) throw new Error('the log of SQLite became shorter')
    return page
  }

  /** The log is made with the first commit, and stays until the last connection is closed. */
  #read(position: number, length: number): Buffer {
    try {
      this.#descriptor ??= openSync(this.#filename, 'r')
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return Buffer.alloc(0)
      throw error
    }
    const bytes = Buffer.alloc(length)
    return bytes.subarray(0, readSync(this.#descriptor, bytes, 0, length, position))
  }
}
