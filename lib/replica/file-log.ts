import { statSync } from 'node:fs'
import type { Guard } from './guard.ts'
import { keepRecord, type LocalRecord } from './local-record.ts'
import { LogReader } from './log-reader.ts'

const megabyte = 2 ** 20
/** The log is moved into the file when it has grown by so much, in bytes. */
const stepBytes = 16 * megabyte
/** The log may always be as large as this, in bytes. */
const leastBytes = 64 * megabyte

/** The log of a file on its disk, and when it is moved into the file. */
export class FileLog {
  readonly guard: Guard
  readonly filename: string
  /** Reads past what is committed, while nobody copies it. */
  #idle: LogReader
  #movedAt = 0

  constructor(guard: Guard, filename: string) {
    this.guard = guard
    this.filename = filename
    this.#idle = new LogReader(filename)
  }

  /** How large the file is, in bytes. */
  get fileBytes(): number {
    return statSync(this.filename).size
  }

  /** Notes what is known of the file as it is now. */
  async note(record: LocalRecord): Promise<void> {
    await keepRecord(this.filename, record, this.guard.descriptor)
  }

  /** A reader of the log from its beginning on. */
  read(): LogReader {
    return new LogReader(this.filename)
  }

  /**
   * Whether the log is to be moved into the file: once it has grown, or at once, before it becomes too large.
   *
   * @param reader - of who copies it; absent where nobody does.
   */
  look(reader: LogReader | undefined): 'small' | 'grown' | 'large' {
    const bytes = (reader ?? this.#skip()).logBytes
    if (bytes < this.#movedAt) this.#movedAt = 0
    if (bytes - this.#movedAt < stepBytes) return 'small'
    this.#movedAt = bytes
    return bytes > Math.max(2 * this.fileBytes, leastBytes) - stepBytes ? 'large' : 'grown'
  }

  /**
   * Moves the log into the file while nobody else commits.
   *
   * @param prepare - reads the rest of the log first, and returns who reads it from now on; nothing, and it stays as it is.
   * @param note - what is done before anybody commits again, if all of it was moved.
   * @returns whether all of it was moved; not where a reader needs the older pages.
   */
  async move(
    prepare: () => LogReader | 'nobody' | undefined,
    note: (reader: LogReader) => Promise<void>,
  ): Promise<boolean> {
    const turn = await this.guard.takeTurn()
    try {
      const found = prepare()
      if (!found) return false
      const reader = found === 'nobody' ? this.#skip() : found
      if (!(await this.guard.checkpoint())) return false
      reader.allowRestart()
      await note(reader)
      return true
    } finally {
      await turn.release()
    }
  }

  #skip(): LogReader {
    if (!this.#idle.skip()) {
      this.#idle.close()
      this.#idle = this.read()
    }
    return this.#idle
  }
}
